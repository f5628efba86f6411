using System.Collections;
using System.Diagnostics;
using System.Globalization;
using PandaProbe.Conventions;

namespace PandaProbe.Testing;

/// <summary>Reads an activity into an immutable picture.</summary>
internal static class SpanReader
{
    public static CapturedSpan Read(CapturedActivity captured, DateTimeOffset now, bool isOrphan)
    {
        Activity activity = captured.Activity;
        Dictionary<string, object?> attributes = Attributes(activity.TagObjects);
        string? requested = Text(attributes, GenAI.Request.Model);
        string kind = KindOf(attributes);
        return new(activity, captured.Order)
        {
            Kind = kind,
            Name = activity.DisplayName,
            Model = Text(attributes, GenAI.Response.Model) ?? requested,
            RequestModel = requested,
            Provider = Text(attributes, GenAI.ProviderName),
            Operation = Text(attributes, GenAI.OperationName),
            IsOrphan = isOrphan,
            Attributes = attributes,
            Events = [.. activity.Events.Select(
                happened => new CapturedEvent(happened.Name, happened.Timestamp, Attributes(happened.Tags)))],
            Tags = attributes.GetValueOrDefault(General.Tags) is IEnumerable<string> tags ? [.. tags] : [],
            Metadata = Metadata(attributes),
            InputMessages =
            [
                .. CapturedMessages.Instructions(Text(attributes, GenAI.SystemInstructions)),
                .. CapturedMessages.Read(Text(attributes, GenAI.Input.Messages)),
            ],
            OutputMessages = CapturedMessages.Read(Text(attributes, GenAI.Output.Messages)),
            Input = Text(attributes, GenAI.Input.Messages) ?? Text(attributes, General.Input.Value)
                ?? Text(attributes, GenAI.Tool.Call.Arguments),
            Output = Text(attributes, GenAI.Output.Messages) ?? Text(attributes, General.Output.Value)
                ?? Text(attributes, GenAI.Tool.Call.Result),
            Usage = new(
                Number(attributes, GenAI.Usage.InputTokens), Number(attributes, GenAI.Usage.OutputTokens),
                Number(attributes, GenAI.Usage.CacheRead.InputTokens), Number(attributes, GenAI.Usage.CacheCreation.InputTokens),
                Number(attributes, GenAI.Usage.Reasoning.OutputTokens)),
            Cost = attributes.GetValueOrDefault(Pandaprobe.Cost.Total) is { } cost ? Amount(cost) : null,
            FinishReasons = attributes.GetValueOrDefault(GenAI.Response.FinishReasons) is IEnumerable<string> reasons ? [.. reasons] : [],
            IsError = activity.Status == ActivityStatusCode.Error,
            ErrorType = Text(attributes, General.ErrorType),
            ErrorMessage = activity.StatusDescription,
            IsOpen = captured.End is null,
            Start = captured.Start,
            Duration = (captured.End ?? now) - captured.Start,
            TimeToFirstChunk = attributes.GetValueOrDefault(GenAI.Response.TimeToFirstChunk) is double seconds
                ? TimeSpan.FromSeconds(seconds)
                : null,
            SessionId = Text(attributes, General.SessionId),
            UserId = Text(attributes, General.UserId),
        };
    }

    private static string KindOf(Dictionary<string, object?> attributes) =>
        Text(attributes, Pandaprobe.Span.Kind)
        ?? SpanKinds.Name(SpanKinds.FromOperation(Text(attributes, GenAI.OperationName)) ?? ProbeSpanKind.Other);

    private static Dictionary<string, object?> Attributes(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, object?> attributes = [];
        foreach ((string name, object? value) in tags)
        {
            if (value is not null)
                attributes[name] = Exported(value);
        }

        return attributes;
    }

    // Content is an object that writes its JSON when an exporter asks.
    private static object Exported(object value) => value switch
    {
        string or bool or IEnumerable => value,
        IConvertible => value,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static Dictionary<string, object?> Metadata(Dictionary<string, object?> attributes) => attributes
        .Where(attribute => attribute.Key.StartsWith(Pandaprobe.Metadata.Prefix, StringComparison.Ordinal))
        .ToDictionary(attribute => attribute.Key[Pandaprobe.Metadata.Prefix.Length..], attribute => attribute.Value);

    private static string? Text(Dictionary<string, object?> attributes, string name) => attributes.GetValueOrDefault(name) as string;

    private static long? Number(Dictionary<string, object?> attributes, string name) =>
        attributes.GetValueOrDefault(name) is int or long or double
            ? Convert.ToInt64(attributes[name], CultureInfo.InvariantCulture)
            : null;

    private static decimal? Amount(object cost) =>
        cost is string text
            ? decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount) ? amount : null
            : Convert.ToDecimal(cost, CultureInfo.InvariantCulture);
}
