using System.Diagnostics;

namespace PandaProbe.Robustness;

// Alone, because it fills the queues of every exporter that listens meanwhile.
public sealed class ConcurrentTracesTests
{
    private const int Traces = 10_000;

    [Fact]
    public async Task Ten_thousand_interleaved_traces_never_mix_sessions_users_or_parents()
    {
        using SpanRecording recording = new();
        TaskCompletionSource everybodyIsIn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int waiting = 0;

        await Task.WhenAll(Enumerable.Range(0, Traces).Select(number => Task.Run(() => RunAsync(number))));

        IReadOnlyList<Activity> spans = recording.Spans;
        spans.Count.ShouldBe(Traces * 4);
        var byTrace = spans.GroupBy(span => span.TraceId).ToDictionary(group => group.Key, group => group.ToArray());
        byTrace.Count.ShouldBe(Traces);
        foreach (Activity[] trace in byTrace.Values)
        {
            Activity root = trace.Single(span => span.DisplayName.StartsWith("trace", StringComparison.Ordinal));
            string number = root.DisplayName["trace ".Length..];
            Activity agent = trace.Single(span => span.DisplayName == "agent " + number);
            Activity tool = trace.Single(span => span.DisplayName == "tool " + number);
            Activity model = trace.Single(span => span.DisplayName == "model " + number);
            root.ParentSpanId.ShouldBe(default);
            agent.ParentSpanId.ShouldBe(root.SpanId);
            tool.ParentSpanId.ShouldBe(agent.SpanId);
            model.ParentSpanId.ShouldBe(agent.SpanId);
            foreach (Activity span in trace)
            {
                span.Tag("session.id").ShouldBe("s" + number);
                span.Tag("gen_ai.conversation.id").ShouldBe("s" + number);
                span.Tag("user.id").ShouldBe("u" + number);
                span.Count("session.id").ShouldBe(1);
            }

            (model.Status == ActivityStatusCode.Error).ShouldBe(int.Parse(number) % 7 == 0);
            (agent.Status, tool.Status, root.Status)
                .ShouldBe((ActivityStatusCode.Unset, ActivityStatusCode.Unset, ActivityStatusCode.Unset));
        }

        async Task RunAsync(int number)
        {
            // A third of them by argument, a third by scope, a third by default.
            AmbientScope session = default, user = default;
            switch (number % 3)
            {
                case 1:
                    session = Probe.Session("s" + number);
                    user = Probe.User("u" + number);
                    break;
                case 2:
                    Probe.SetSession("s" + number);
                    Probe.SetUser("u" + number);
                    break;
            }

            using (session)
            using (user)
            using (Probe.StartTrace(
                "trace " + number, sessionId: number % 3 == 0 ? "s" + number : null, userId: number % 3 == 0 ? "u" + number : null))
            {
                if (Interlocked.Increment(ref waiting) == Traces)
                    everybodyIsIn.SetResult();
                await everybodyIsIn.Task;

                using SpanScope agent = Probe.StartSpan("agent " + number, ProbeSpanKind.Agent);
                await Task.Yield();
                await Task.WhenAll(StepAsync("tool " + number, ProbeSpanKind.Tool, fails: false),
                    Task.Run(() => StepAsync("model " + number, ProbeSpanKind.Llm, fails: number % 7 == 0)));
            }
        }

        static async Task StepAsync(string name, ProbeSpanKind kind, bool fails)
        {
            try
            {
                using SpanScope span = Probe.StartSpan(name, kind);
                await Task.Yield();
                span.SetOutput(name);
                if (fails)
                    throw new InvalidOperationException(name);
            }
            catch (InvalidOperationException)
            {
            }
        }
    }
}
