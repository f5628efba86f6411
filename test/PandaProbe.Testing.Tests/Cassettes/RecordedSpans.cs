using System.Globalization;

namespace PandaProbe.Testing.Cassettes;

/// <summary>Makes calls in a trace, and writes down what the caller and the spans say.</summary>
internal static class RecordedSpans
{
    // Times differ from call to call, replayed or not.
    private static readonly string[] Times =
        ["pandaprobe.completion_start_time", "gen_ai.response.time_to_first_chunk", "exception.stacktrace"];

    public static async Task<string> OfAsync(Func<List<string>, Task> call)
    {
        List<string> seen = [];
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("agent"))
        {
            try
            {
                await call(seen);
            }
            catch (Exception exception)
            {
                seen.Add($"{exception.GetType()}: {exception.Message}");
            }
        }

        await capture.WaitForTraceAsync();
        foreach (CapturedSpan span in capture.Spans.OrderBy(span => span.Name, StringComparer.Ordinal))
        {
            seen.Add($"{span.Kind} {span.Name} {span.Activity.Source.Name} {span.Activity.Status} {span.Activity.StatusDescription}");
            seen.AddRange(Written(span.Attributes));
            foreach (CapturedEvent one in span.Events)
            {
                seen.Add($"  ! {one.Name}");
                seen.AddRange(Written(one.Attributes));
            }
        }

        return string.Join('\n', seen);
    }

    private static IEnumerable<string> Written(IReadOnlyDictionary<string, object?> attributes) =>
        attributes.Where(attribute => !Times.Contains(attribute.Key)).OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
            .Select(attribute => $"  {attribute.Key} = {Text(attribute.Value)}");

    private static string? Text(object? value) =>
        value is string[] texts ? string.Join(',', texts) : Convert.ToString(value, CultureInfo.InvariantCulture);
}
