using System.Diagnostics;
using System.Text.Json;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Trace;
using PandaProbe.Local.Receiving;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>The commands as processes, beside a running viewer and without one.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task List_and_show_tell_what_a_running_viewer_received()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        string id = Send(tool, "commands", failing: true);

        (string list, _) = await RunAsync(tool.Directory, "list");
        string[] lines = list.Split('\n');
        lines[0].ShouldStartWith("trace");
        lines[1].ShouldContain(id[..8]);
        lines[1].ShouldContain("300 → 30");

        (string json, _) = await RunAsync(tool.Directory, "list", "--json", "--errors");
        JsonElement.Parse(json).GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(id);

        (string show, _) = await RunAsync(tool.Directory, "show", id[..10]);
        show.ShouldContain("Session s1");
        show.ShouldContain("AGENT invoke_agent support");
        show.ShouldContain("├─ LLM chat gpt-5.4");
        show.ShouldContain("✗ Timeout: No answer.");
        show.ShouldContain("failed in lookup_order: Timeout after");
        show.ShouldContain("recovered; 2 model calls, 300 → 30, $");
        show.ShouldContain($"{tool.Http}traces/{id}");

        (string session, _) = await RunAsync(tool.Directory, "show", "s1", "--json");
        var shown = JsonElement.Parse(session);
        shown.GetProperty("spans").GetArrayLength().ShouldBe(4);
        shown.GetProperty("sentence").GetString()!.ShouldStartWith("failed in lookup_order");

        (string nothing, int code) = await RunAsync(tool.Directory, "show", "ffffffff");
        (nothing, code).ShouldBe(("", 1));
    }

    [Fact]
    public async Task Tail_shows_traces_as_they_end()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        Send(tool, "before-tail", failing: false);
        using Process tail = RunningTool.Launch(tool.Directory, "tail", "--errors", "--json");
        try
        {
            // It tells of traces behind its start only, and nothing says that it has started.
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
            Task<string?> first = tail.StandardOutput.ReadLineAsync(patience.Token).AsTask();
            HashSet<string> sent = [];
            while (!first.IsCompleted)
            {
                sent.Add(Send(tool, "tail", failing: true));
                Send(tool, "tail-good", failing: false);
                await Task.WhenAny(first, Task.Delay(500, patience.Token));
            }

            var shown = JsonElement.Parse((await first)!);
            sent.ShouldContain(shown.GetProperty("trace").GetProperty("id").GetString()!);
            shown.GetProperty("spans").GetArrayLength().ShouldBe(4);

            using var kill = Process.Start("kill", ["-TERM", $"{tail.Id}"]);
            await tail.WaitForExitAsync(patience.Token);
            tail.ExitCode.ShouldBe(0);
        }
        finally
        {
            if (!tail.HasExited)
                tail.Kill();
        }
    }

    [Fact]
    public async Task What_was_exported_and_imported_again_is_the_same()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        Send(tool, "export", failing: true);
        await tool.Client.PostAsync("/v1/logs", new StringContent("""
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeLogs":[{"logRecords":[
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","timeUnixNano":"1500","severityNumber":9,"body":{"stringValue":"said"},"eventName":"e"}]}]}]}
            """, System.Text.Encoding.UTF8, "application/json"));
        await tool.Client.PostAsync("/v1/traces", new StringContent("""
            {"resourceSpans":[{"schemaUrl":"r","resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeSpans":[{"schemaUrl":"s","scope":{"name":"x","version":"1"},"spans":[
            {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"whole","kind":3,"traceState":"a=b","flags":257,"startTimeUnixNano":"1544712660000000001",
            "endTimeUnixNano":"1544712661000000007","droppedAttributesCount":1,"status":{"code":2,"message":"bad"},
            "attributes":[{"key":"n","value":{"doubleValue":"NaN"}},{"key":"b","value":{"bytesValue":"AQID"}},{"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"arrayValue":{"values":[{"intValue":"9007199254740993"}]}}}]}}}],
            "events":[{"timeUnixNano":"1544712660500000000","name":"e","droppedAttributesCount":2}],"links":[{"traceId":"5b8efff798038103d269b633813fc60d","spanId":"eee19b7ec3c1b175"}]}]}]}]}
            """, System.Text.Encoding.UTF8, "application/json"));
        using HttpRequestMessage rest = new(HttpMethod.Post, new Uri("/traces", UriKind.Relative))
        {
            Headers = { { "X-API-Key", "k" }, { "X-Project-Name", "p" } },
            Content = new StringContent("""
                {"trace_id":"6b8efff7-9803-8103-d269-b633813fc60c","name":"over REST","input":{"q":1},"metadata":{"a":true},"started_at":"2026-05-01T00:00:00Z","ended_at":"2026-05-01T00:00:01Z",
                "spans":[{"span_id":"6b8efff7-9803-8103-0000-000000000001","name":"step","kind":"TOOL","started_at":"2026-05-01T00:00:00Z","ended_at":"2026-05-01T00:00:01Z"}]}
                """, System.Text.Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage taken = await tool.Client.SendAsync(rest);
        taken.IsSuccessStatusCode.ShouldBeTrue(await taken.Content.ReadAsStringAsync());
        await tool.Client.PostAsync("/api/scores", new StringContent("""
            {"trace":"5b8efff798038103d269b633813fc60c","name":"quality","type":"NUMERIC","value":"0.5","reason":"fine"}
            """, System.Text.Encoding.UTF8, "application/json"));
        string other = RunningTool.NewDirectory();
        string file = Path.Combine(other, "traces.jsonl");
        try
        {
            (_, int exported) = await RunAsync(tool.Directory, "export", "--all", "--out", file);
            exported.ShouldBe(0);
            (string said, int imported) = await RunAsync(other, "import", file, "--json");
            (said.Trim(), imported).ShouldBe(("""{"lines":6,"failed":0}""", 0));
            (string again, _) = await RunAsync(other, "export", "--all");

            string[] before = await File.ReadAllLinesAsync(file);
            string[] after = again.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            after.ShouldBe(before);
            before.Count(line => line.StartsWith("{\"resourceLogs\"", StringComparison.Ordinal)).ShouldBe(1);
            before.ShouldContain(
                line => line.Contains("\"quality\"", StringComparison.Ordinal) && line.Contains("\"0.5\"", StringComparison.Ordinal));
            before.ShouldContain(
                line => line.Contains("over REST", StringComparison.Ordinal) && line.Contains("\"head\"", StringComparison.Ordinal));
            Span span = before.Where(line => line.StartsWith("{\"resourceSpans\"", StringComparison.Ordinal))
                .Select(line => OtlpJson.ReadTraces(System.Text.Encoding.UTF8.GetBytes(line)))
                .SelectMany(request => request.ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)
                .Single(span => span.Name == "whole");
            (span.StartTimeUnixNano, span.EndTimeUnixNano, span.Flags, span.TraceState)
                .ShouldBe((1544712660000000001UL, 1544712661000000007UL, 257U, "a=b"));
            double.IsNaN(span.Attributes[0].Value.DoubleValue).ShouldBeTrue();
            span.Attributes[2].Value.KvlistValue.Values[0].Value.ArrayValue.Values[0].IntValue.ShouldBe(9007199254740993);

            (string intoRunning, _) = await RunAsync(tool.Directory, "import", file);
            intoRunning.ShouldBe("6 lines were imported.\n");
        }
        finally
        {
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task Commands_say_what_is_wrong()
    {
        string directory = RunningTool.NewDirectory();
        try
        {
            (await RunAsync(directory, "list")).Code.ShouldBe(1);
            (await RunAsync(directory, "list", "--wrong")).Code.ShouldBe(2);
            (await RunAsync(directory, "import")).Code.ShouldBe(2);
            (await RunAsync(directory, "nonsense")).Code.ShouldBe(2);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    internal static string Send(RunningTool tool, string name, bool failing)
    {
        using ActivitySource source = new(name);
        using TracerProvider provider = tool.Provider(name, OtlpExportProtocol.HttpProtobuf);
        return Traces.Agent(source, "s1", failing);
    }

    private static async Task<(string Output, int Code)> RunAsync(string directory, params string[] arguments)
    {
        using Process process = RunningTool.Launch(directory, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (process.ExitCode == 0 || (await errors).Length > 0).ShouldBeTrue("a command that fails says why");
        return (output.ReplaceLineEndings("\n"), process.ExitCode);
    }
}
