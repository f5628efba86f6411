using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace PandaProbe.Diagnostics;

/// <summary>Writes the library's diagnostics to the host's log: failures, and once where traces go.</summary>
internal sealed partial class DiagnosticsLogger : EventListener
{
    // The base class calls OnEventSourceCreated before this constructor's body has run.
    private readonly ILogger? _logger;
    private readonly LogLimiter? _limiter;

    [ThreadStatic]
    private static bool _isWriting;

    public DiagnosticsLogger(ILogger logger, TimeProvider? time = null)
    {
        _limiter = new(time ?? TimeProvider.System);
        _logger = logger;
        EnableEvents(PandaProbeEventSource.Log, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // A logger may record a span of its own. A failure of that span must not come back to the logger.
        if (_logger is null || eventData.Message is null || _isWriting)
            return;

        LogLevel level = eventData.Level switch
        {
            EventLevel.Critical or EventLevel.Error => LogLevel.Error,
            EventLevel.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        if (!_logger.IsEnabled(level) || _limiter!.Line(eventData) is not { } text)
            return;

        _isWriting = true;
        try
        {
            using (UserCode.Enter())
                Write(_logger, level, text);
        }
        finally
        {
            _isWriting = false;
        }
    }

    [LoggerMessage(EventId = 1, SkipEnabledCheck = true, Message = "{Message}")]
    private static partial void Write(ILogger logger, LogLevel level, string message);
}
