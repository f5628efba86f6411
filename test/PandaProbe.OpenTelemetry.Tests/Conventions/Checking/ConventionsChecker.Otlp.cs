using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Otlp;

namespace PandaProbe.Conventions;

internal static partial class ConventionsChecker
{
    /// <summary>Returns what is wrong with a span as a receiver decoded it.</summary>
    public static IEnumerable<string> Check(Span span) => Check(
        span.Kind.ToString(), (int)(span.Status?.Code ?? Status.Types.StatusCode.Unset), span.Status?.Message,
        span.Attributes.Select(attribute => KeyValuePair.Create(attribute.Key, OtlpSpan.Value([attribute], attribute.Key) switch
        {
            object[] items => items.Cast<string>().ToArray(),
            var other => other,
        })));
}
