using System.Diagnostics.Tracing;
using System.Globalization;

namespace PandaProbe.Diagnostics;

/// <summary>
/// The library's self-diagnostics. The name follows OpenTelemetry, so that <c>OTEL_DIAGNOSTICS.json</c> shows them. Warnings and errors
/// also reach the host's logger.
/// </summary>
[EventSource(Name = EventSourceName)]
internal sealed class PandaProbeEventSource : EventSource
{
    public const string EventSourceName = "OpenTelemetry-PandaProbe";

    public static readonly PandaProbeEventSource Log = new();

    [Event(1, Level = EventLevel.Warning,
        Message = "A value of type '{0}' could not be serialised and was replaced by its type's name: {1}")]
    public void ContentNotSerialised(string type, string reason) => WriteEvent(1, type, reason);

    [Event(2, Level = EventLevel.Warning, Message = "'{0}' was left out of span '{2}': {1}")]
    public void ValueRefused(string field, string reason, string span) => WriteEvent(2, field, reason, span);

    [Event(3, Level = EventLevel.Error, Message = "Telemetry failed in '{0}' and was skipped; the application was not affected: {1}")]
    public void TelemetryFailed(string operation, string exception) => WriteEvent(3, operation, exception);

    [Event(4, Level = EventLevel.Warning, Message = "{0}")]
    public void ConfigurationProblem(string message) => WriteEvent(4, message);

    [Event(5, Level = EventLevel.Informational, Message = "{0}")]
    public void Started(string message) => WriteEvent(5, message);

    [Event(6, Level = EventLevel.Warning, Message = "The redactor failed on '{0}'; the content was left out: {1}")]
    public void RedactionFailed(string field, string exception) => WriteEvent(6, field, exception);

    [Event(7, Level = EventLevel.Warning,
        Message =
        "This runtime does not tell that an exception is leaving a block, as when compiled ahead of time: 'using' alone marks no span as failed. Use Probe.Span and Probe.Trace with a delegate, or RecordException.")]
    public void ExceptionsNotSeen() => WriteEvent(7);

    [Event(20, Level = EventLevel.Warning, Message = "{0}")]
    public void ExportProblem(string message) => WriteEvent(20, message);

    [NonEvent]
    public void TelemetryFailed(string operation, Exception exception)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All))
            TelemetryFailed(operation, Describe(exception));
    }

    /// <summary>Says that a callback of the application failed.</summary>
    [NonEvent]
    public void UserCodeFailed(string operation, Exception exception)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All))
            TelemetryFailed(operation, TypesOf(exception));
    }

    /// <summary>
    /// Names an exception's type and those of its inner exceptions. Leaves out their messages, because these may quote content.
    /// </summary>
    [NonEvent]
    public static string TypesOf(Exception exception)
    {
        const int Deepest = 4;
        string types = exception.GetType().ToString();
        Exception? inner = exception.InnerException;
        for (int i = 0; i < Deepest && inner is not null; i++, inner = inner.InnerException)
            types += " <- " + inner.GetType();
        return types;
    }

    private static string Describe(Exception exception)
    {
        try
        {
            return TypesOf(exception) + Environment.NewLine + exception.StackTrace;
        }
        catch (Exception)
        {
            return exception.GetType().ToString();
        }
    }

    /// <summary>An event as one line for people.</summary>
    [NonEvent]
    public static string Text(EventWrittenEventArgs written) => written.Payload is { Count: > 0 } payload
        ? string.Format(CultureInfo.InvariantCulture, written.Message ?? "", [.. payload])
        : written.Message ?? "";
}
