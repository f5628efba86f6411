using System.Diagnostics;
using PandaProbe.Diagnostics;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe.Interception;

/// <summary>The arguments of a call as they were when it was made: messages, or JSON.</summary>
internal readonly struct ProbeInput
{
    private readonly ProbeMessage[]? _messages;
    private readonly string? _json;

    public ProbeInput(ProbeMessage[] messages) => _messages = messages;

    public ProbeInput(string json) => _json = json;

    public bool IsEmpty => _messages is null && _json is null;

    public void Record(Activity activity, ProbeSpanKind? kind)
    {
        try
        {
            if (_messages is not null)
                SetMessages(activity, kind, Direction.Input, [.. _messages]);
            else if (_json is not null)
                SetJson(activity, kind, Direction.Input, _json);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("input", exception);
        }
    }
}
