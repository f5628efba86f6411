using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export.Local;

namespace PandaProbe.Local.Tests.Tool;

/// <summary><see cref="ProbeExport.Local"/> with the real viewer as a process.</summary>
[Collection(RunningTool.ExportsOfThisProcess)]
public sealed class LocalExportTests(SharedTool shared) : IClassFixture<SharedTool>
{
    private const int Failed = 1, Running = 4, Placeholder = 8;

    [Fact]
    public async Task A_span_that_runs_is_shown_and_then_replaced_by_the_one_that_ended()
    {
        RunningTool tool = shared.Tool;
        using var isolation = ProbeIsolation.Begin();
        Captured captured = new();
        using TracerProvider provider = Provider(tool.Directory, configure: builder => builder.AddProcessor(captured));
        await using Changes changes = await Changes.ListenAsync(tool);
        string id;
        using (TraceScope trace = Probe.StartTrace("support-turn", input: "Where is it?", sessionId: "s1"))
        {
            id = trace.Activity!.TraceId.ToHexString();
            using SpanScope call = trace.StartSpan("chat", ProbeSpanKind.Llm, model: "gpt-5.4");
            call.SetInput([ProbeMessage.User("Where is it?")]);
            JsonElement running = await changes.UntilAsync(
                $"/api/traces/{id}", static answer => answer.GetProperty("spans").GetProperty("count").GetInt32() == 2);
            running.GetProperty("trace").GetProperty("status").GetString().ShouldBe("RUNNING");
            Flags(running).ShouldAllBe(static flags => (flags & (Running | Placeholder)) == Running);
            running.GetProperty("trace").GetProperty("session").GetString().ShouldBe("s1");
            running.GetProperty("trace").GetProperty("input").GetString().ShouldBe("Where is it?");
            call.SetTokenUsage(10, 5);
        }

        JsonElement ended = await changes.UntilAsync(
            $"/api/traces/{id}", static answer => Flags(answer).All(static flags => (flags & Running) == 0));
        ended.GetProperty("trace").GetProperty("status").GetString().ShouldBe("COMPLETED");
        ended.GetProperty("trace").GetProperty("sums").GetProperty("spans").GetInt64().ShouldBe(2, "the ended spans replaced the others");
        ended.GetProperty("trace").GetProperty("sums").GetProperty("inputTokens").GetInt64().ShouldBe(10);
        captured.Ended.Count.ShouldBe(2);
        captured.Ended.ShouldAllBe(static span => span.GetTagItem("pandaprobe.span.pending") == null, "no other exporter is told");
    }

    [Fact]
    public async Task What_the_content_policy_and_the_safety_options_forbid_is_not_in_a_span_that_runs_either()
    {
        RunningTool tool = shared.Tool;
        using var isolation = ProbeIsolation.Begin();
        using ActivitySource foreign = new("Experimental.Microsoft.Extensions.AI");
        using TracerProvider provider = Provider(tool.Directory, options =>
        {
            options.CaptureContent = false;
            options.Safety = new();
        });
        await using Changes changes = await Changes.ListenAsync(tool);
        using TraceScope trace = Probe.StartTrace(
            "turn", input: "a secret question",
            metadata: new() { ["api_key"] = "sk-proj-Zk3vQ8mT1xYb7LwR5nHc2JdF9gPs4UaE6oKiVtBzNqXeMyCr" });
        using Activity call = foreign.StartActivity("chat gpt-5.4", ActivityKind.Client)!;
        call.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.request.model", "gpt-5.4")
            .SetTag("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"a secret question"}]}]""");
        string id = call.TraceId.ToHexString();
        await changes.UntilAsync($"/api/traces/{id}", static answer => answer.GetProperty("spans").GetProperty("count").GetInt32() == 2);
        string everything = await tool.Client.GetStringAsync($"/api/traces/{id}/otlp");
        everything.ShouldContain("gpt-5.4");
        everything.ShouldNotContain("secret question");
        everything.ShouldNotContain("sk-proj-Zk3");
    }

    [Fact]
    public async Task A_viewer_that_starts_later_is_found_and_one_that_ended_and_came_back_too()
    {
        string directory = RunningTool.NewDirectory();
        try
        {
            using var isolation = ProbeIsolation.Begin();
            SteppedTime time = new();
            using TracerProvider provider = Provider(directory, time: time);
            Probe.StartTrace("before").Dispose();
            Threads().ShouldBe(0, "nobody is there to send to");

            await using (RunningTool first = await RunningTool.StartAsync(directory))
            {
                await SendAsync(first, provider, time, "first");
                Threads().ShouldBe(1);
                await first.TerminateAsync();
            }

            long begun = Stopwatch.GetTimestamp();
            for (int i = 0; i < 10; i++)
                Probe.StartTrace("into nothing").Dispose();
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(1));
            provider.ForceFlush(5000);

            await using RunningTool second = await RunningTool.StartAsync(directory);
            await SendAsync(second, provider, time, "second");
            string[] names = [.. (await second.GetAsync("/api/traces")).GetProperty("items").EnumerateArray()
                .Select(static trace => trace.GetProperty("name").GetString()!)];
            names.ShouldContain("first");
            names.ShouldNotContain("before");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Of_two_viewers_the_first_one_gets_the_spans()
    {
        await using RunningTool first = await RunningTool.StartAsync();
        await using RunningTool second = await RunningTool.StartAsync(
            first.Directory, "--store", Path.Combine(first.Directory, "second.db"));
        using var isolation = ProbeIsolation.Begin();
        using TracerProvider provider = Provider(first.Directory);
        Probe.StartTrace("whose").Dispose();
        provider.ForceFlush(10_000).ShouldBeTrue();
        (await first.GetAsync("/api/traces")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await second.GetAsync("/api/traces")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_port_of_a_viewer_that_was_killed_gets_nothing()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        await using RunningTool tool = await RunningTool.StartAsync();
        tool.Kill();
        other.Start();
        string file = Path.Combine(tool.Directory, "viewer.json");
        string left = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(
            file, left.Replace($":{tool.Http.Port}", $":{((IPEndPoint)other.LocalEndpoint).Port}", StringComparison.Ordinal));
        using var isolation = ProbeIsolation.Begin();
        using TracerProvider provider = Provider(tool.Directory);
        Probe.StartTrace("nowhere").Dispose();
        provider.ForceFlush(10_000).ShouldBeTrue("nothing waits");
        other.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://collector.example.com:4318/", null)]
    [InlineData("https://localhost:4318/", null)]
    [InlineData("no address", null)]
    [InlineData("http://0.0.0.0:4318/", "http://localhost:4318/")]
    [InlineData("http://localhost:4318/", "http://localhost:4318/")]
    public void Only_an_address_of_this_machine_is_a_viewer(string address, string? expected)
    {
        string directory = RunningTool.NewDirectory();
        using (File.Open(Path.Combine(directory, "viewer.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            File.WriteAllText(Path.Combine(directory, "viewer.json"), $$"""{"http":"{{address}}"}""");
            DateTime abandoned = default;
            LocalViewer.Find(directory, ref abandoned)?.Address.ToString().ShouldBe(expected);
            (LocalViewer.Find(directory, ref abandoned) is null).ShouldBe(expected is null);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Without_a_viewer_the_export_allocates_nothing()
    {
        using var processor = LocalExportProcessor.Create(
            new() { LocalDirectory = Path.Combine(AppContext.BaseDirectory, "no-viewer") }, new SteppedTime());
        using Activity span = new("span");
        span.Start();
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        for (int i = 0; i < 100; i++)
            Pass();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Pass();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Pass()
        {
            processor.OnStart(span);
            processor.OnEnd(span);
        }
    }

    [Fact]
    public async Task A_parent_that_has_not_come_yet_is_a_row_that_runs()
    {
        RunningTool tool = shared.Tool;
        const string id = "11111111111111111111111111111111";
        await Payloads.SendAsync(tool, Payloads.Request(Payloads.Span(id, 2, 1, ("gen_ai.operation.name", "chat"))));
        JsonElement waiting = await tool.GetAsync($"/api/traces/{id}");
        Flags(waiting).ShouldBe([Running | Placeholder, 16]);
        waiting.GetProperty("spans").GetProperty("depth").EnumerateArray().Select(static depth => depth.GetInt32()).ShouldBe([0, 1]);
        waiting.GetProperty("trace").GetProperty("status").GetString().ShouldBe("RUNNING");
        await Payloads.SendAsync(tool, Payloads.Request(Payloads.Span(id, 1, 0)));
        JsonElement whole = await tool.GetAsync($"/api/traces/{id}");
        Flags(whole).ShouldBe([0, 16]);
        whole.GetProperty("trace").GetProperty("status").GetString().ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task The_Quickstart_sends_to_the_viewer_and_prints_the_links_to_its_traces()
    {
        RunningTool tool = shared.Tool;
        string quickstart = typeof(LocalExportTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static data => data.Key == "Quickstart").Value!;
        ProcessStartInfo start = new("dotnet", ["exec", quickstart]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PANDAPROBE_LOCAL_DIRECTORY"] = tool.Directory;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await error);
        string[] links = [.. output.Split('\n').Select(static line => line.Trim())
            .Where(line => line.StartsWith($"{tool.Http}traces/", StringComparison.Ordinal))];
        links.Length.ShouldBe(3);
        foreach (string link in links)
        {
            JsonElement trace = (await tool.GetAsync($"/api/traces/{link[^32..]}")).GetProperty("trace");
            trace.GetProperty("name").GetString().ShouldBe("support-turn");
            trace.GetProperty("status").GetString().ShouldBe("COMPLETED");
            using HttpRequestMessage page = new(HttpMethod.Get, link) { Headers = { { "Accept", "text/html" } } };
            using HttpResponseMessage shown = await tool.Client.SendAsync(page);
            shown.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static TracerProvider Provider(
        string directory, Action<PandaProbeOptions>? options = null, TimeProvider? time = null,
        Action<TracerProviderBuilder>? configure = null)
    {
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder();
        builder.ConfigureServices(services => services.AddSingleton(time ?? TimeProvider.System));
        builder.AddPandaProbe(all =>
        {
            all.Export = ProbeExport.Local;
            all.LocalDirectory = directory;
            options?.Invoke(all);
        });
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Lets a second pass for the provider, until it has found the viewer, and sends a trace.</summary>
    private static async Task SendAsync(RunningTool tool, TracerProvider provider, SteppedTime time, string name)
    {
        await using Changes changes = await Changes.ListenAsync(tool);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            time.Step(TimeSpan.FromSeconds(2));
            Probe.StartTrace(name).Dispose();
            provider.ForceFlush(5000);
            if ((await tool.GetAsync($"/api/traces?name={name}")).GetProperty("items").GetArrayLength() > 0)
                return;
        }
    }

    private static int[] Flags(JsonElement answer) =>
        [.. answer.GetProperty("spans").GetProperty("flags").EnumerateArray().Select(static flags => flags.GetInt32() & ~Failed)];

    /// <summary>Counts the threads of exports, by the names that Linux keeps of them.</summary>
    private static int Threads() => !OperatingSystem.IsLinux() ? 0 : Directory.EnumerateDirectories("/proc/self/task")
        .Count(static task => File.ReadAllText(Path.Combine(task, "comm")).StartsWith("PandaProbe.Otlp", StringComparison.Ordinal));

    private sealed class Captured : BaseProcessor<Activity>
    {
        public List<Activity> Ended { get; } = [];

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name == Probe.SourceName && data.TraceId == Ended.FirstOrDefault(data).TraceId)
                Ended.Add(data);
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _timestamp);

        public void Step(TimeSpan time) => Interlocked.Add(ref _timestamp, time.Ticks);
    }
}
