using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

internal static unsafe class EmbeddedData
{
    /// <summary>
    /// Returns a pointer to an embedded resource. It points at the runtime's mapping if possible, because a copy costs memory.
    /// </summary>
    public static byte* Get(string name, out int length)
    {
        using Stream stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(name) ?? throw Missing(name);
        length = checked((int)stream.Length);

        // A resource stays mapped while the assembly is loaded, so the pointer stays valid.
        return stream is UnmanagedMemoryStream mapped ? mapped.PositionPointer : Copy(stream, length);
    }

    private static byte* Copy(Stream stream, int length)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)length);
        stream.ReadExactly(new Span<byte>(copy, length));
        return copy;
    }

    private static InvalidOperationException Missing(string name) => new($"The data of '{name}' is missing from the assembly.");
}
