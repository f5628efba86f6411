using System.Net;
using System.Net.Sockets;
using PandaProbe.Otlp;

namespace PandaProbe.Examples;

/// <summary>
/// Runs of the Quickstart that several tests look at or that wait for seconds. All start before the first test, so that they wait at the
/// same time.
/// </summary>
public sealed class QuickstartRuns : IAsyncLifetime
{
    // Bound, but not listening: nobody else gets the port, and every connection is refused.
    private readonly Socket _closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private OtlpReceiver _silent = null!;

    /// <summary>Gets the run that is told nothing of where to export to.</summary>
    internal Task<QuickstartProcess.Run> WithoutSettings { get; private set; } = null!;

    /// <summary>Gets the run whose collector is not there.</summary>
    internal Task<QuickstartProcess.Run> ToNobody { get; private set; } = null!;

    /// <summary>Gets the run whose collector takes requests and never answers.</summary>
    internal Task<QuickstartProcess.Run> ToSilence { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _silent = await OtlpReceiver.StartAsync(hangs: true);
        ToNobody = To(new($"http://{_closed.LocalEndPoint}"));
        ToSilence = To(_silent.HttpEndpoint);
        WithoutSettings = QuickstartProcess.RunAsync();
    }

    public async Task DisposeAsync()
    {
        Task ended = Task.WhenAll(ToNobody, ToSilence, WithoutSettings);
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closed.Dispose();
        await _silent.DisposeAsync();
    }

    private static Task<QuickstartProcess.Run> To(Uri collector) => QuickstartProcess.RunAsync(
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "500"));
}
