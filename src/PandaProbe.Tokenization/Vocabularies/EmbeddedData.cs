namespace PandaProbe.Tokenization.Vocabularies;

internal static class EmbeddedData
{
    /// <summary>The bytes of an embedded resource where the runtime has mapped them, without a copy when it can be avoided.</summary>
    public static unsafe ReadOnlySpan<byte> Get(string name)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The data of '{name}' is missing from the assembly.");

        // Resources stay mapped for as long as the assembly is loaded, and that is as long as this code runs.
        if (stream is UnmanagedMemoryStream mapped)
            return new ReadOnlySpan<byte>(mapped.PositionPointer, checked((int)mapped.Length));

        var copy = new byte[stream.Length];
        stream.ReadExactly(copy);
        return copy;
    }
}
