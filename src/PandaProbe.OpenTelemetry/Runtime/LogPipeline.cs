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

    /// <summary>Returns whether there was a pipeline to write to.</summary>
    public bool TryWrite(string name, LogLevel level, ActivityContext parent, IReadOnlyList<KeyValuePair<string, object?>> attributes)
    {
        try
        {
            if (_logger.Value is not { } logger)
                return false;

            _parent = parent;
            using (UserCode.Enter())
                logger.Log(level, new EventId(0, name), attributes, exception: null, (_, _) => name);
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
