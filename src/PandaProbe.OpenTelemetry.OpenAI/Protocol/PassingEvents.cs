using System.Text.Json;
using PandaProbe.Diagnostics;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Records a response of server-sent events.</summary>
internal sealed class PassingEvents(StreamedAnswer<JsonElement> events) : PassingAnswer(events.Call)
{
    private readonly EventLines _lines = new();

    public override void Complete() => events.Complete();

    public override void Failed(Exception exception) => events.Failed(exception);

    protected override void Add(ReadOnlySpan<byte> bytes) => _lines.Feed(bytes, OnData);

    protected override void End() => events.Finish();

    private void OnData(ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual("[DONE]"u8))
        {
            events.Complete();
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(data);
            events.Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            // Events without valid JSON exist, such as a proxy's keep-alive. Later events still count.
            PandaProbeEventSource.Log.TelemetryFailed("stream", exception);
        }
    }
}
