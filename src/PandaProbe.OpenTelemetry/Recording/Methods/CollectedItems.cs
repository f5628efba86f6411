using System.Diagnostics;
using System.Text;
using System.Text.Json.Serialization;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe.Interception;

/// <summary>
/// Collects the items of a sequence, serialised when they are yielded: one text for the streamed answer of a model or a trace, otherwise a
/// JSON array. Stops at the length that may be recorded.
/// </summary>
internal sealed class CollectedItems(bool asText)
{
    private readonly StringBuilder _items = new();

    /// <summary>Returns whether the items are parts of one text.</summary>
    public static bool IsStreamOfText<T>(ProbeSpanKind? kind) => typeof(T) == typeof(string) && kind is null or ProbeSpanKind.Llm;

    public void Add<T>(T item, JsonSerializerContext? json)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!policy.Capture || _items.Length > policy.MaxLength)
            return;

        try
        {
            if (asText)
                _items.Append(item as string);
            else
                _items.Append(_items.Length == 0 ? '[' : ',').Append(item is null ? "null" : ContentSerializer.Serialize(item, json));
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("item", exception);
        }
    }

    public void Record(Activity activity, ProbeSpanKind? kind)
    {
        try
        {
            if (asText)
                SetText(activity, kind, Direction.Output, _items.ToString());
            else
                SetJson(activity, kind, Direction.Output, _items.Length == 0 ? "[]" : _items.Append(']').ToString());
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("output", exception);
        }
    }
}
