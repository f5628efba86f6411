using PandaProbe.Testing.Snapshots;

namespace PandaProbe.Testing;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData(SnapshotContent.Shown)]
    [InlineData(SnapshotContent.Hashed)]
    [InlineData(SnapshotContent.LeftOut)]
    public async Task A_trace_is_the_same_text_in_every_run(SnapshotContent content)
    {
        using var capture = ProbeCapture.Start();
        using (TraceScope trace = Probe.StartTrace(
            "support", "Where is it?\nOrder A1", "s1", "u1", ["production"], new() { ["plan"] = "free", ["attempt"] = 2 }))
        {
            string callId = "call_" + Guid.NewGuid().ToString("N");
            using (SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai", name: "answer"))
            {
                call.SetInput([ProbeMessage.User("Where is it?")]);
                call.SetOutput([ProbeMessage.Assistant(ProbeMessagePart.ToolCall(callId, "lookup_order", """{"order":"A1"}"""))]);
                call.SetModelParameters(new() { ["temperature"] = 0.5, ["max_tokens"] = 100, ["stop_sequences"] = new[] { "END", "." } });
                call.SetTokenUsage(100, 20);
                call.SetFinishReason("tool_calls");
            }

            TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
            string[] tools = Random.Shared.Next(2) == 0 ? ["check_stock", "lookup_order"] : ["lookup_order", "check_stock"];
            Task[] running = [.. tools.Select(async tool =>
            {
                using SpanScope span = Probe.StartSpan(tool, ProbeSpanKind.Tool);
                await both.Task;
                span.SetOutput($"{tool} says {trace.TraceId}");
            })];
            both.SetResult();
            await Task.WhenAll(running);
            using (SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai", name: "answer"))
            {
                call.SetInput([ProbeMessage.User("Where is it?"), ProbeMessage.Tool(callId, """{"type":"text","text":"sent"}""")]);
                call.SetError("overloaded");
            }

            trace.SetOutput([ProbeMessage.Assistant("It is sent.")]);
            trace.Score("helpful", 0.5, "short");
        }

        (await capture.WaitForTraceAsync()).ShouldMatchSnapshot(content.ToString(), content);
    }

    [Fact]
    public void A_snapshot_is_written_when_the_environment_asks_for_it_and_compared_otherwise()
    {
        using TemporaryFile file = new();
        Dictionary<string, string> environment = [];
        SnapshotFile snapshot = new(file.Path, name => environment.GetValueOrDefault(name));

        snapshot.Check("one\ntwo").ShouldNotBeNull().ShouldContain("There is no snapshot yet");
        File.Exists(file.Path).ShouldBeFalse();
        environment[SnapshotFile.UpdateVariable] = "1";
        snapshot.Check("one\r\ntwo").ShouldBeNull();
        environment.Clear();
        snapshot.Check("one\ntwo\n").ShouldBeNull();
        snapshot.Check("one\nthree").ShouldNotBeNull().Replace(file.Path, "<path>", StringComparison.Ordinal).ShouldMatchSnapshot();
    }

    [Theory]
    [InlineData("CI")]
    [InlineData("GITHUB_ACTIONS")]
    [InlineData("TF_BUILD")]
    [InlineData("JENKINS_URL")]
    public void A_build_server_writes_no_snapshot(string variable)
    {
        using TemporaryFile file = new();
        SnapshotFile snapshot = new(file.Path, name => name == variable ? "true" : name == SnapshotFile.UpdateVariable ? "1" : null);

        snapshot.Check("one").ShouldNotBeNull().ShouldContain("A build server writes no snapshot");
        File.Exists(file.Path).ShouldBeFalse();
    }

    private sealed class TemporaryFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pandaprobe-snapshots-");

        public string Path => System.IO.Path.Combine(_folder.FullName, "below", "test.txt");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
