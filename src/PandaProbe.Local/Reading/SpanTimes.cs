using System.Globalization;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Reading;

/// <summary>Times of a span.</summary>
internal static class SpanTimes
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// Returns the time from the span's start to a moment in ISO 8601; <see langword="null"/> when it is before the start or a day after.
    /// </summary>
    public static TimeSpan? SinceStart(Span span, string moment)
    {
        // Langfuse writes it as JSON.
        if (!DateTimeOffset.TryParse(
            moment.AsSpan().Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return null;
        }

        return Valid((time - Start(span)).TotalSeconds);
    }

    public static TimeSpan? Valid(double? seconds) =>
        seconds is { } time && time >= 0 && time <= Longest.TotalSeconds ? TimeSpan.FromSeconds(time) : null;

    public static DateTimeOffset Start(Span span) => FromNanoseconds(span.StartTimeUnixNano);

    public static DateTimeOffset FromNanoseconds(ulong nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(
            (long)Math.Min(nanoseconds / 100, (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks));
}
