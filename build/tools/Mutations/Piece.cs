using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis.Text;

namespace PandaProbe.Tools.Mutations;

/// <summary>
/// A piece of code for which the compiler sets a flag. The compiler's repository describes the form in which an assembly lists them: the
/// "Dynamic Analysis Metadata Format Specification".
/// </summary>
internal sealed record Piece(string Path, LinePositionSpan Span, int Method, int Number)
{
    private const int Signature = 0x444D4144;
    private const int Version = 0x0200;

    public static IReadOnlyList<Piece> Of(byte[] assembly)
    {
        using PEReader image = new(new MemoryStream(assembly));
        MetadataReader metadata = image.GetMetadataReader();
        ManifestResource resource = metadata.ManifestResources.Select(metadata.GetManifestResource)
            .Single(resource => metadata.GetString(resource.Name) == "<DynamicAnalysisData>");
        int resources = image.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        BlobReader tables = image.GetSectionData(resources + (int)resource.Offset).GetReader();
        tables.ReadInt32();
        if (tables.ReadInt32() != Signature || tables.ReadInt16() != Version)
            throw new InvalidDataException("The compiler writes another version of its coverage data than this tool reads.");

        int documents = tables.ReadInt32();
        int methods = tables.ReadInt32();
        int guids = tables.ReadInt32();
        int blobs = tables.ReadInt32();
        int blobIndex = blobs > ushort.MaxValue ? 4 : 2;
        int guidIndex = guids / 16 > ushort.MaxValue ? 4 : 2;
        int heap = tables.Offset + documents * (2 * blobIndex + guidIndex) + methods * blobIndex + guids;

        string[] paths = new string[documents];
        for (int i = 0; i < documents; i++)
        {
            paths[i] = Name(tables, heap, Index(ref tables, blobIndex));
            tables.Offset += guidIndex + blobIndex;
        }

        List<Piece> pieces = [];
        for (int method = 1; method <= methods; method++)
        {
            int at = heap + Index(ref tables, blobIndex);
            pieces.AddRange(Spans(tables, at, paths).Select((span, number) => new Piece(span.Path, span.Span, method, number)));
        }

        return pieces;
    }

    private static int Index(ref BlobReader reader, int size) => size == 4 ? reader.ReadInt32() : reader.ReadUInt16();

    private static int Start(ref BlobReader reader, int at)
    {
        reader.Offset = at;
        int length = reader.ReadCompressedInteger();
        return reader.Offset + length;
    }

    private static string Name(BlobReader reader, int heap, int at)
    {
        int end = Start(ref reader, heap + at);
        string separator = reader.ReadByte() is var character and not 0 ? ((char)character).ToString() : "";
        List<string> parts = [];
        while (reader.Offset < end)
        {
            BlobReader part = reader;
            int partEnd = Start(ref part, heap + reader.ReadCompressedInteger());
            parts.Add(part.ReadUTF8(partEnd - part.Offset));
        }

        return string.Join(separator, parts);
    }

    private static List<(string Path, LinePositionSpan Span)> Spans(BlobReader reader, int at, string[] paths)
    {
        List<(string, LinePositionSpan)> spans = [];
        int end = Start(ref reader, at);
        if (reader.Offset == end)
            return spans;

        string path = paths[reader.ReadCompressedInteger() - 1];
        int line = 0;
        int column = 0;
        while (reader.Offset < end)
        {
            int lines = reader.ReadCompressedInteger();
            int columns = lines == 0 ? reader.ReadCompressedInteger() : reader.ReadCompressedSignedInteger();
            if (lines == 0 && columns == 0)
            {
                path = paths[reader.ReadCompressedInteger() - 1];
                continue;
            }

            bool first = spans.Count == 0;
            line += first ? reader.ReadCompressedInteger() : reader.ReadCompressedSignedInteger();
            column += first ? reader.ReadCompressedInteger() : reader.ReadCompressedSignedInteger();
            spans.Add((path, new(new(line, column), new(line + lines, column + columns))));
        }

        return spans;
    }
}
