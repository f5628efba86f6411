using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using OpenTelemetry;
using OpenTelemetry.Resources;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Local;

/// <summary>
/// Tells the viewer of spans that have started and not ended. Those that end within <see cref="Delay"/> are sent once, when they have
/// ended.
/// </summary>
internal sealed class RunningSpans : IDisposable
{
    /// <summary>Most spans of an agent that are no calls end earlier. It is also the time for the first tags to be set.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50);

    /// <summary>Beyond this many at once, spans are sent when they have ended only.</summary>
    private const int MostWaiting = 1000;

    private static readonly Uri Path = new("http://localhost/v1/traces");

    private readonly ConcurrentQueue<Activity> _started = new();
    private readonly FieldScanners? _scanner;
    private readonly Func<Resource> _resource;
    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly HttpClient _client;
    private readonly ITimer _timer;
    private int _waiting;
    private int _isArmed;

    public RunningSpans(ViewerWatch watch, FieldScanners? scanner, Func<Resource> resource, TimeProvider time)
    {
        _scanner = scanner;
        _resource = resource;
        _client = new(new ViewerLine(watch)) { Timeout = TimeSpan.FromSeconds(5) };

        // The timer would otherwise keep the activity in which the provider was built.
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _timer = time.CreateTimer(
            static self => _ = ((RunningSpans)self!).SendAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(Activity span)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return;
        }

        _started.Enqueue(span);
        if (Interlocked.Exchange(ref _isArmed, 1) == 0)
            _timer.Change(Delay, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _client.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            Volatile.Write(ref _isArmed, 0);
            List<Activity> running = [];
            while (_started.TryDequeue(out Activity? span))
            {
                Interlocked.Decrement(ref _waiting);
                if (!span.IsStopped && span.Recorded)
                    running.Add(span);
            }

            if (running.Count == 0)
                return;

            using IDisposable quiet = SuppressInstrumentationScope.Begin();
            using ByteArrayContent content = new(Write(running));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _client.PostAsync(Path, content).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The spans come again when they end.
            if (exception is not (HttpRequestException or OperationCanceledException or ObjectDisposedException))
                PandaProbeEventSource.Log.TelemetryFailed("running spans", exception);
        }
    }

    private byte[] Write(List<Activity> running)
    {
        bool withContent = _group.Settings.Content.Where != ProbeMessageContent.Events;
        return new RunningSpanWriter(_scanner, withContent).Write(running, _resource());
    }
}
