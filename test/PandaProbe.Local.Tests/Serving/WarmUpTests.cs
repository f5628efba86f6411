using System.Net;
using System.Net.Sockets;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;
using PandaProbe.Local.Tests.Tool;

namespace PandaProbe.Local.Tests.Serving;

public sealed class WarmUpTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _directory = RunningTool.NewDirectory();
    private readonly TcpListener _viewer = new(IPAddress.Loopback, 0);

    public WarmUpTests() => _viewer.Start();

    private Uri Viewer => new($"http://{_viewer.LocalEndpoint}");

    public void Dispose()
    {
        _viewer.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_latest_trace_is_asked_for_before_somebody_does()
    {
        string trace = new('1', 32);
        await using Store store = Open();
        await new OtlpIntake(store).TakeAsync(Payloads.Trace(trace, spans: 2), size: 1000);
        Task warmUp = WarmUp.RunAsync(Viewer, store);
        await AskedAsync(trace);
        await warmUp.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_new_store_has_nothing_to_ask_for_until_its_first_trace()
    {
        string trace = new('2', 32);
        await using Store store = Open();
        Task warmUp = WarmUp.RunAsync(Viewer, store);
        _viewer.Pending().ShouldBeFalse();
        await new OtlpIntake(store).TakeAsync(Payloads.Trace(trace, spans: 2), size: 1000);
        await AskedAsync(trace);
        await warmUp.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_viewer_that_ended_already_is_no_error()
    {
        await using Store store = Open();
        await new OtlpIntake(store).TakeAsync(Payloads.Trace(new('1', 32), spans: 1), size: 1000);
        Uri viewer = Viewer;
        _viewer.Stop();
        await WarmUp.RunAsync(viewer, store).WaitAsync(Patience);
    }

    private async Task AskedAsync(string trace)
    {
        using TcpClient request = await _viewer.AcceptTcpClientAsync().WaitAsync(Patience);
        using StreamReader lines = new(request.GetStream());
        (await lines.ReadLineAsync().WaitAsync(Patience)).ShouldBe($"GET /api/traces/{trace} HTTP/1.1");
        (await lines.ReadLineAsync().WaitAsync(Patience)).ShouldBe($"Host: {Viewer.Authority}");
        (await lines.ReadLineAsync().WaitAsync(Patience)).ShouldBeEmpty();
        (await lines.ReadLineAsync().WaitAsync(Patience)).ShouldBe($"GET /traces/{trace} HTTP/1.1");
    }

    private Store Open() => Store.Open(new(Path.Combine(_directory, "traces.db")));
}
