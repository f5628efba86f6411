using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace PandaProbe.Diagnostics;

/// <summary>Shows the host's log what the library has to say: what went wrong, and once where traces go.</summary>
internal sealed partial class DiagnosticsLogger : EventListener
{
    // The base class calls OnEventSourceCreated before this constructor's body has run.
    private readonly ILogger? _logger;

    public DiagnosticsLogger(ILogger logger)
    {
        _logger = logger;
        EnableEvents(PandaProbeEventSource.Log, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_logger is null || eventData.Message is null)
            return;

        LogLevel level = eventData.Level switch
        {
            EventLevel.Critical or EventLevel.Error => LogLevel.Error,
            EventLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        if (!_logger.IsEnabled(level))
            return;

        string text = PandaProbeEventSource.Text(eventData);
        Write(_logger, level, text);
    }

    [LoggerMessage(EventId = 1, SkipEnabledCheck = true, Message = "{Message}")]
    private static partial void Write(ILogger logger, LogLevel level, string message);
}
