using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Hosting.Settings;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>
/// Starts tracing before the host's other services start, and forwards warnings to the host's logger. After all other services have
/// stopped, exports the remaining data.
/// </summary>
internal sealed class PandaProbeHostedService(IServiceProvider services) : IHostedLifecycleService, IDisposable
{
    private DiagnosticsLogger? _diagnostics;
    private TracerProvider? _provider;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<ILoggerFactory>() is { } loggers)
            _diagnostics = new DiagnosticsLogger(loggers.CreateLogger(Setting.Section));
        _provider = services.GetService<TracerProvider>();
        services.GetService<ExportDecision>()?.Make();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Flushing blocks. On a thread of its own, the host's shutdown timeout can end the wait.
    public Task StoppedAsync(CancellationToken cancellationToken) =>
        _provider is null
            ? Task.CompletedTask
            : Task.Run(() => Flush(_provider), CancellationToken.None).WaitAsync(cancellationToken).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private bool Flush(TracerProvider provider)
    {
        TimeSpan limit = services.GetRequiredService<IOptions<PandaProbeOptions>>().Value.ShutdownTimeout;
        return provider.ForceFlush((int)Ending.Begin(provider, limit).TotalMilliseconds);
    }

    public void Dispose() => _diagnostics?.Dispose();
}
