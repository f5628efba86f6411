using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using static PandaProbe.Conventions.Bridges;

namespace PandaProbe.Processing;

/// <summary>Writes the attributes of <see cref="Bridges"/> on an ended span. What another library has set stays.</summary>
internal sealed class BridgeWriter(ProbeDialects dialects)
{
    private const string PropertyName = "pandaprobe.bridges";
    private const int MostTexts = 100;
    private const string EmbeddedText = ".embedding.text";

    // Without the total cost, which every span with a cost has already.
    private readonly Bridge[] _bridges =
        [.. All.Where(bridge => bridge.Name != GenAI.Usage.Cost
            && (bridge.Dialect == ProbeDialects.None || dialects.HasFlag(bridge.Dialect)))];

    private readonly bool _named = dialects != ProbeDialects.None;

    /// <param name="span">The span.</param>
    /// <param name="redacts">Whether content will be redacted. Then it is not copied to names that are none of content.</param>
    public void Write(Activity span, bool redacts)
    {
        List<KeyValuePair<string, object?>>? metadata = null;
        List<KeyValuePair<string, object?>>? costs = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in span.EnumerateTagObjects())
        {
            if (tag.Value is null || !tag.Key.StartsWith('p'))
                continue;

            if (tag.Key.StartsWith(Pandaprobe.Metadata.Prefix, StringComparison.Ordinal))
            {
                if (!redacts || tag.Key != Pandaprobe.Metadata.ReasoningSummary)
                    (metadata ??= []).Add(new(tag.Key[Pandaprobe.Metadata.Prefix.Length..], tag.Value));
            }
            else if (_named && tag.Value is double && tag.Key.StartsWith(Pandaprobe.Cost.Prefix, StringComparison.Ordinal))
            {
                (costs ??= []).Add(new(tag.Key[Pandaprobe.Cost.Prefix.Length..], tag.Value));
            }
        }

        if (metadata is null && !_named)
            return;

        List<string>? written = _named ? [] : null;
        foreach (Bridge bridge in _bridges)
            Write(span, bridge, metadata, costs, written);
        if (written is { Count: > 0 })
            span.SetCustomProperty(PropertyName, written);
    }

    /// <summary>
    /// Returns the names that this type wrote on the span for other backends than PandaProbe; <see langword="null"/> when there are none.
    /// </summary>
    public static IReadOnlyList<string>? WrittenOn(Activity span) => span.GetCustomProperty(PropertyName) as List<string>;

    private static void Write(
        Activity span, Bridge bridge, List<KeyValuePair<string, object?>>? metadata, List<KeyValuePair<string, object?>>? costs,
        List<string>? written)
    {
        switch (bridge.Fact)
        {
            case BridgedFact.Metadata:
                Set(bridge.Name, metadata is null ? null : new FieldsContent(metadata));
                break;
            case BridgedFact.EachMetadata:
            case BridgedFact.EachMetadataOfTrace when IsTrace(span):
            case BridgedFact.EachMetadataOfSpan when !IsTrace(span):
                foreach ((string key, object? value) in metadata ?? [])
                    Set(bridge.Name + key, value);
                break;
            case BridgedFact.Session:
                Set(bridge.Name, span.GetTagItem(General.SessionId));
                break;
            case BridgedFact.User:
                Set(bridge.Name, span.GetTagItem(General.UserId));
                break;
            case BridgedFact.Tags:
                Set(bridge.Name, span.GetTagItem(General.Tags) as string[]);
                break;
            case BridgedFact.JoinedTags:
                Set(bridge.Name, span.GetTagItem(General.Tags) is string[] { Length: > 0 } tags ? string.Join(',', tags) : null);
                break;
            case BridgedFact.Cost:
                Set(bridge.Name, span.GetTagItem(Pandaprobe.Cost.Total));
                break;
            case BridgedFact.CostParts:
                Set(bridge.Name, costs is null ? null : new FieldsContent(costs));
                break;
            case BridgedFact.CompletionStart:
                Set(bridge.Name, span.GetTagItem(Pandaprobe.CompletionStartTime));
                break;
            case BridgedFact.CacheRead:
                Set(bridge.Name, span.GetTagItem(GenAI.Usage.CacheRead.InputTokens));
                break;
            case BridgedFact.CacheWrite:
                Set(bridge.Name, span.GetTagItem(GenAI.Usage.CacheCreation.InputTokens));
                break;
            case BridgedFact.Reasoning:
                Set(bridge.Name, span.GetTagItem(GenAI.Usage.Reasoning.OutputTokens));
                break;
            case BridgedFact.EachEmbeddedText when span.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Embedding:
                string[] texts = TextsOf(span);
                for (int i = 0; i < texts.Length; i++)
                    Set($"{bridge.Name}{i}{EmbeddedText}", texts[i]);
                break;
        }

        void Set(string name, object? value)
        {
            if (value is null || span.GetTagItem(name) is not null)
                return;

            span.AddTag(name, value);
            written?.Add(name);
        }
    }

    private static bool IsTrace(Activity span) => span.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Trace;

    private static string[] TextsOf(Activity span)
    {
        string? input = span.GetTagItem(General.Input.Value)?.ToString();
        if (input is null || span.GetTagItem(General.Input.MimeType) is not General.MimeTypes.Json)
            return input is null ? [] : [input];

        try
        {
            using var document = JsonDocument.Parse(input);
            return document.RootElement.ValueKind != JsonValueKind.Array ? []
                : [.. document.RootElement.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.String).Take(MostTexts)
                    .Select(static item => item.GetString()!)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
