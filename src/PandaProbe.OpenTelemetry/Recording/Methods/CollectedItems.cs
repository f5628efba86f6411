using System.Diagnostics;
using System.Text;
using System.Text.Json.Serialization;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe.Interception;

/// <summary>
/// What a sequence has yielded so far, as it was then: one text where it is the stream of a model's or a trace's answer, a JSON array otherwise.
/// No more of it than may be recorded.
/// </summary>
internal sealed class CollectedItems(bool asText)
{
    private readonly StringBuilder _items = new();

    /// <summary>Whether a sequence of texts is one text in parts.</summary>
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
