using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using static PandaProbe.Conventions.SemanticConventions;

namespace PandaProbe.Conventions;

/// <summary>
/// Compares spans and measurements with the published conventions: names, types, values, required attributes, kinds of spans, units and
/// the schemas of messages. What deviates on purpose is in <see cref="ConventionExceptions"/>.
/// </summary>
internal static partial class ConventionsChecker
{
    /// <summary>Returns what is wrong with the spans of this library. Other libraries answer for theirs.</summary>
    public static string[] Check(IEnumerable<Activity> spans) =>
        [.. spans.Where(IsOwn).SelectMany(span => Check(span).Select(fault => $"{span.DisplayName}: {fault}")).Distinct()];

    /// <summary>Returns what is wrong with the spans of this library, and with those of others that it has completed.</summary>
    public static IEnumerable<string> CheckAll(IEnumerable<Activity> spans) => spans
        .Where(span => span.GetTagItem("pandaprobe.span.kind") is not null)
        .SelectMany(span => Check(span).Where(fault => !ConventionExceptions.IsOfOthers(span.Source.Name, fault))
            .Select(fault => $"{span.Source.Name}, {span.DisplayName}: {fault}")).Distinct();

    public static IEnumerable<string> Check(Activity span) =>
        Check(span.Kind.ToString(), (int)span.Status, span.StatusDescription, span.TagObjects);

    private static IEnumerable<string> Check(
        string kind, int status, string? description, IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        Dictionary<string, object?> tags = new(StringComparer.Ordinal);
        foreach ((string name, object? value) in attributes)
        {
            if (!tags.TryAdd(name, value))
                yield return $"{name} stands there twice";
        }

        foreach (string fault in CheckAttributes(tags))
            yield return fault;

        bool failed = status == (int)ActivityStatusCode.Error;
        if (failed && string.IsNullOrEmpty(description))
            yield return "a failed span without a description";
        if (!failed && tags.ContainsKey("error.type"))
            yield return "error.type on a span that did not fail";

        if (TypeOf(kind, tags) is { } type)
        {
            SpanFacts facts = Table.Spans[type];
            if (!facts.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase))
                yield return $"{type} is a span of kind {kind}";
            foreach (string fault in CheckLevels(facts.Levels, tags, failed))
                yield return fault;
        }
    }

    /// <summary>Returns what is wrong with a measurement.</summary>
    public static IEnumerable<string> Check(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        if (ConventionExceptions.Metrics.ContainsKey(instrument.Name))
            return [];
        if (!Table.Metrics.TryGetValue(instrument.Name, out MetricFacts? facts))
            return [$"{instrument.Name} is no metric of the conventions"];

        Dictionary<string, object?> tags = attributes.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
        string shape =
            $"{instrument.GetType().Name.Split('`')[0].ToLowerInvariant()} {instrument.Unit} {(value is int ? "int" : "double")}";
        string expected = $"{facts.Instrument} {facts.Unit} {facts.ValueType}";
        return
        [
            .. shape == expected ? (string[])[] : [$"{instrument.Name} is '{shape}', not '{expected}'"],
            .. tags.Keys.Where(name => !facts.Levels.ContainsKey(name)).Select(name => $"{instrument.Name} has no attribute {name}"),
            .. CheckAttributes(tags),
            .. CheckLevels(facts.Levels, tags, failed: tags.ContainsKey("error.type")).Select(fault => $"{instrument.Name}: {fault}"),
        ];
    }

    private static bool IsOwn(Activity span) =>
        ReferenceEquals(span.Source, ProbeSource.Instance) && span.GetTagItem("pandaprobe.span.kind") is not null;

    private static string? TypeOf(string kind, Dictionary<string, object?> tags) => tags.GetValueOrDefault("gen_ai.operation.name") switch
    {
        "chat" or "text_completion" or "generate_content" => tags.GetValueOrDefault("gen_ai.provider.name") switch
        {
            "openai" when tags.ContainsKey("gen_ai.request.model") => "openai.inference.client",
            "anthropic" => "anthropic.inference.client",
            _ => "gen_ai.inference.client",
        },
        "embeddings" => "gen_ai.embeddings.client",
        "retrieval" => "gen_ai.retrieval.client",
        "execute_tool" => "gen_ai.execute_tool.internal",
        "create_agent" => "gen_ai.create_agent.client",
        "invoke_agent" => kind == "Client" ? "gen_ai.invoke_agent.client" : "gen_ai.invoke_agent.internal",
        "invoke_workflow" => "gen_ai.invoke_workflow.internal",
        _ => null,
    };

    private static IEnumerable<string> CheckAttributes(Dictionary<string, object?> tags)
    {
        foreach ((string name, object? value) in tags)
        {
            if (ConventionExceptions.Attributes.ContainsKey(name) || !Table.Namespaces.Contains(name.Split('.')[0]))
                continue;

            if (!Table.Attributes.TryGetValue(name, out AttributeFacts? facts))
            {
                yield return $"{name} is no attribute of the conventions";
            }
            else if (facts.IsDeprecated)
            {
                yield return $"{name} is deprecated";
            }
            else if (!IsOf(facts, value))
            {
                yield return $"{name} is a {value?.GetType().Name} ({value}), not a {facts.Type}";
            }
            else if (facts.Values.FirstOrDefault(known => value is string text && text != known
                && text.Equals(known, StringComparison.OrdinalIgnoreCase)) is { } meant)
            {
                yield return $"{name} is {value}, not {meant}";
            }
            else if (Table.Schemas.TryGetValue(name, out JsonElement schema) && CheckJson(value, schema) is { } fault)
            {
                yield return $"{name}: {fault}";
            }
        }

        if (tags.GetValueOrDefault("gen_ai.operation.name") is string operation
            && !Table.Attributes["gen_ai.operation.name"].Values.Contains(operation))
        {
            yield return $"{operation} is no operation of the conventions";
        }
    }

    private static IEnumerable<string> CheckLevels(Dictionary<string, string> levels, Dictionary<string, object?> tags, bool failed)
    {
        foreach ((string name, string level) in levels)
        {
            bool isNeeded = level == "required" || (level == "conditionally_required" && name switch
            {
                // The conditions that the span itself tells.
                "error.type" => failed,
                "server.port" => tags.ContainsKey("server.address"),
                "gen_ai.conversation.id" => tags.ContainsKey("session.id"),
                "gen_ai.request.stream" => tags.ContainsKey("gen_ai.response.time_to_first_chunk"),
                _ => false,
            });
            if (isNeeded && !tags.ContainsKey(name) && !ConventionExceptions.MayLack(name, tags))
                yield return $"{name} is missing";
        }
    }

    private static bool IsOf(AttributeFacts facts, object? value) => facts.Type switch
    {
        "string" or "enum" => value is string,
        "int" => value is int or long,
        "double" => value is double,
        "boolean" => value is bool,
        "string[]" => value is string[],
        "any" => value is not null,
        _ => throw new NotSupportedException($"The type {facts.Type} is not checked yet."),
    };

    private static string? CheckJson(object? value, JsonElement schema)
    {
        try
        {
            return JsonSchema.Check(JsonElement.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!), schema);
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }
}
