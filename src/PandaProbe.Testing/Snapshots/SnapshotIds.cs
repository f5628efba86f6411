using System.Globalization;
using System.Text.RegularExpressions;
using PandaProbe.Conventions;

namespace PandaProbe.Testing.Snapshots;

/// <summary>Replaces ids that differ from run to run by ordinals, in the order in which they come.</summary>
internal sealed partial class SnapshotIds
{
    public static readonly SnapshotIds None = new([]);

    private const int PatternTimeoutMilliseconds = 1000;
    private const int ShortestId = 6;

    private readonly (string Id, string Name)[] _names;

    private SnapshotIds(IEnumerable<string> inOrder)
    {
        // A longer id may contain a shorter one.
        _names = [.. inOrder.Select((id, index) => (id, string.Create(CultureInfo.InvariantCulture, $"<id {index + 1}>")))
            .OrderByDescending(pair => pair.id.Length)];
    }

    public static SnapshotIds In(string text, CapturedTrace trace)
    {
        IEnumerable<string?> known = trace.Spans.SelectMany(span => span.InputMessages.Concat(span.OutputMessages))
            .SelectMany(message => message.ToolCalls).Select(call => call.Id)
            .Concat(trace.Spans.SelectMany(span => new[]
            {
                span.Id, span.Attribute(GenAI.Tool.Call.Id) as string, span.Attribute(GenAI.Response.Id) as string,
            }))
            .Append(trace.TraceId);
        return new(known.OfType<string>().Concat(Guids().Matches(text).Select(match => match.Value))
            .Where(id => id.Length >= ShortestId && text.Contains(id, StringComparison.Ordinal))
            .Distinct().OrderBy(id => text.IndexOf(id, StringComparison.Ordinal)));
    }

    public string Replace(string text)
    {
        foreach ((string id, string name) in _names)
            text = text.Replace(id, name, StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex(
        "\\b[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\\b", RegexOptions.CultureInvariant,
        PatternTimeoutMilliseconds)]
    private static partial Regex Guids();
}
