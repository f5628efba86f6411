using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PandaProbe.Diagnostics;

namespace PandaProbe.Runtime;

/// <summary>
/// Writes OpenTelemetry's log-based events, if the application has OpenTelemetry's log pipeline. Other loggers of the application, such as
/// the console, do not get them.
/// </summary>
/// <param name="find">Returns the logger of OpenTelemetry; <see langword="null"/> when the application has none. Called once.</param>
internal sealed class LogPipeline(Func<ILogger?> find)
{
    [ThreadStatic]
    private static ActivityContext _parent;

    private readonly Lazy<ILogger?> _logger = new(find);

    /// <summary>Gets the span that the event belongs to which this thread writes now; the default value when it writes none.</summary>
    public static ActivityContext Parent => _parent;

    /// <summary>Writes an event.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="level">Its level.</param>
    /// <param name="parent">The span that it belongs to.</param>
    /// <param name="attributes">Returns its attributes, which are made safe only for a pipeline that is there.</param>
    /// <returns>Whether there was a pipeline to write to.</returns>
    public bool TryWrite(
        string name, LogLevel level, ActivityContext parent, Func<IReadOnlyList<KeyValuePair<string, object?>>> attributes)
    {
        try
        {
            if (_logger.Value is not { } logger)
                return false;

            IReadOnlyList<KeyValuePair<string, object?>> written = attributes();
            _parent = parent;
            using (UserCode.Enter())
                logger.Log(level, new EventId(0, name), written, exception: null, (_, _) => name);
            return true;
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("event " + name, exception);
            return false;
        }
        finally
        {
            _parent = default;
        }
    }
}
