using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Sending;

/// <summary>What one sender needs for itself: a writer, and buffers that it fills again and again.</summary>
internal sealed class Sender(ExportSettings settings) : IDisposable
{
    public PayloadWriter Writer { get; } = new(settings);

    public RequestBody Body { get; } = new();

    public RequestBody Compressed { get; } = new();

    public void Dispose()
    {
        Body.Dispose();
        Compressed.Dispose();
    }
}
