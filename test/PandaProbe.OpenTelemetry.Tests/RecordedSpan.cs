using System.Diagnostics;
using System.Globalization;

namespace PandaProbe;

/// <summary>How tests read a recorded span.</summary>
internal static class RecordedSpan
{
    /// <summary>The tag's value as it was set; null when there is none.</summary>
    public static object? Tag(this Activity span, string name) => span.GetTagItem(name);

    /// <summary>The tag's value as an exporter writes it: content becomes JSON text here.</summary>
    public static string? Text(this Activity span, string name) =>
        Convert.ToString(span.GetTagItem(name), CultureInfo.InvariantCulture) is { Length: > 0 } text
        ? text
        : span.GetTagItem(name) is null ? null : "";

    public static bool HasTag(this Activity span, string name) => span.GetTagItem(name) is not null;

    /// <summary>How often a tag is on the span: more than once is a mistake that exporters pass on.</summary>
    public static int Count(this Activity span, string name) => span.TagObjects.Count(tag => tag.Key == name);

    /// <summary>The events that record an exception.</summary>
    public static ActivityEvent[] Exceptions(this Activity span) => [.. span.Events.Where(recorded => recorded.Name == "exception")];
}
