using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>How the viewer starts, is found, and ends.</summary>
public sealed class LifecycleTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_ends_cleanly_when_a_signal_asks_for_it(string signal)
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        (await tool.TerminateAsync(signal)).ShouldBe(0, tool.Errors);
        File.Exists(Path.Combine(tool.Directory, "viewer.json")).ShouldBeFalse();
        File.Exists(Path.Combine(tool.Directory, "traces.db-wal"))
            .ShouldBeFalse("the last connection that closes brings everything into the file");
    }

    [Fact]
    public async Task Started_twice_it_tells_where_the_first_one_is_and_stop_ends_that()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        (int code, string output) = await RunAsync(tool.Directory, "serve");
        code.ShouldBe(0);
        output.ShouldContain("runs already");
        output.ShouldContain(tool.Http.ToString());
        (await RunAsync(tool.Directory, "stop")).Code.ShouldBe(0);
        (await tool.TerminateAsync("CONT")).ShouldBe(0);
        (await RunAsync(tool.Directory, "stop")).Output.ShouldContain("No viewer is running");
    }

    [Fact]
    public async Task A_port_that_was_asked_for_and_is_taken_is_named_with_its_holder()
    {
        using TcpListener holder = new(IPAddress.Loopback, 0);
        holder.Start();
        string port = $"{((IPEndPoint)holder.LocalEndpoint).Port}";
        string directory = RunningTool.NewDirectory();
        (int code, string output) = await RunAsync(directory, "serve", "--port", port, "--grpc-port", "0");
        code.ShouldBe(1);
        output.ShouldContain($"Port {port} is taken");
        if (OperatingSystem.IsLinux())
            output.ShouldContain($"(process {Environment.ProcessId})");
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_store_in_memory_leaves_nothing_behind()
    {
        await using RunningTool tool = await RunningTool.StartAsync(null, "--store", ":memory:");
        string store = (await tool.GetAsync("/api/status")).GetProperty("store").GetString()!;
        File.Exists(store).ShouldBeTrue();
        (await tool.TerminateAsync()).ShouldBe(0);
        File.Exists(store).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_viewers_can_share_one_file()
    {
        await using RunningTool first = await RunningTool.StartAsync();
        string store = Path.Combine(first.Directory, "traces.db");
        await using RunningTool second = await RunningTool.StartAsync(null, "--store", store);
        const int traces = 20;
        await Task.WhenAll(Enumerable.Range(0, traces)
            .Select(i => Payloads.SendAsync(i % 2 == 0 ? first : second, Payloads.Trace($"{i + 1:x32}", spans: 3, session: "shared"))));
        foreach (RunningTool tool in (RunningTool[])[first, second])
        {
            JsonElement session = (await tool.GetAsync("/api/sessions")).GetProperty("items")[0];
            session.GetProperty("traces").GetInt64().ShouldBe(traces);
            session.GetProperty("sums").GetProperty("spans").GetInt64().ShouldBe(traces * 3);
        }
    }

    [Theory]
    [InlineData("serve --port many", "--port does not understand 'many'")]
    [InlineData("serve --listen 0.0.0.0", "needs --token")]
    [InlineData("serve --colour red", "There is no option --colour")]
    [InlineData("fly", "There is no command 'fly'")]
    public async Task What_it_does_not_understand_it_says(string arguments, string sentence)
    {
        string directory = RunningTool.NewDirectory();
        (int code, string output) = await RunAsync(directory, arguments.Split(' '));
        code.ShouldBe(2);
        output.ShouldContain(sentence);
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<(int Code, string Output)> RunAsync(string directory, params string[] arguments)
    {
        using Process process = RunningTool.Launch(directory, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await error);
    }
}
