using System.Diagnostics;
using System.Text.Json.Serialization;
using PandaProbe.Values;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe.Interception;

/// <summary>The result of a call: text, messages, or JSON.</summary>
internal static class ProbeOutput
{
    public static void Record<T>(Activity activity, ProbeSpanKind? kind, T result, JsonSerializerContext? context)
    {
        if (result is string text)
        {
            SetText(activity, kind, Direction.Output, text);
            return;
        }

        string json = ContentSerializer.Serialize(result, context);
        if (kind is null or ProbeSpanKind.Llm && MessageShape.TryRead(json, kind, out ProbeMessage[]? messages, output: true))
            SetMessages(activity, kind, Direction.Output, messages);
        else
            SetJson(activity, kind, Direction.Output, json);
    }
}
