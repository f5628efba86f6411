using PandaProbe.Processes;

namespace PandaProbe.AspNetCore;

/// <summary>The web application of the tests as a process of its own, on a free port of the loopback address.</summary>
internal sealed class WebProcess : IAsyncDisposable
{
    private readonly AppProcess _process;

    private WebProcess(AppProcess process) => _process = process;

    public static WebProcess Start(Dictionary<string, string> environment) =>
        new(AppProcess.Start("--urls=http://127.0.0.1:0", environment, readyMark: "Now listening on: "));

    public async Task<Uri> ReadyAsync() => new(await _process.ReadyAsync());

    /// <summary>Ends the process, which happens when its standard input is closed, and checks that it ended by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        using (_process)
            (await _process.WaitAsync()).ExitCode.ShouldBe(0);
    }
}
