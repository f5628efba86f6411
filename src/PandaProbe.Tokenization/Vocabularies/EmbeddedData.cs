using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

internal static unsafe class EmbeddedData
{
    /// <summary>The bytes of an embedded resource where the runtime has mapped them, without a copy when it can be avoided.</summary>
    public static byte* Get(string name, out int length)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(name) ?? throw Missing(name);
        length = checked((int)stream.Length);

        // Resources stay mapped for as long as the assembly is loaded, and that is as long as this code runs.
        return stream is UnmanagedMemoryStream mapped ? mapped.PositionPointer : Copy(stream, length);
    }

    private static byte* Copy(Stream stream, int length)
    {
        var copy = (byte*)NativeMemory.Alloc((nuint)length);
        stream.ReadExactly(new Span<byte>(copy, length));
        return copy;
    }

    private static InvalidOperationException Missing(string name) => new($"The data of '{name}' is missing from the assembly.");
}
