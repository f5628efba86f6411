using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>A test with a spool of its own.</summary>
public abstract class SpoolingTest : IDisposable
{
    private protected SpoolDirectory Spool { get; } = new();

    protected string Path => Spool.Path;

    public void Dispose() => Spool.Dispose();

    /// <summary>A backend that is down until the test says otherwise.</summary>
    protected static Task<Backend> StartDownAsync() => Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });

    private protected Exporting Export(Backend backend, TimeProvider? time = null, Action<PandaProbeExporterOptions>? configure = null)
    {
        return new(backend, Configure, time);

        void Configure(PandaProbeExporterOptions options)
        {
            options.SpoolDirectory = Path;
            configure?.Invoke(options);
        }
    }
}
