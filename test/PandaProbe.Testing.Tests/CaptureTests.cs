namespace PandaProbe.Testing;

public sealed class CaptureTests
{
    [Fact]
    public async Task Records_what_its_own_context_starts_tasks_included_and_nothing_of_others()
    {
        Task elsewhere;
        TaskCompletionSource recording = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (ExecutionContext.SuppressFlow())
        {
            elsewhere = Task.Run(async () =>
            {
                await recording.Task;
                using SpanScope foreign = Probe.StartSpan("foreign");
            });
        }

        using var capture = ProbeCapture.Start();
        recording.SetResult();
        await elsewhere;
        using (Probe.StartTrace("own"))
            await Task.Run(() => Probe.StartSpan("in a task").Dispose());

        CapturedTrace trace = await capture.WaitForTraceAsync();
        trace.ToString().ShouldBe("TRACE own\n  OTHER in a task");
        capture.Spans.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Shows_a_model_call_with_messages_tokens_and_cost()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("run", sessionId: "s1", userId: "u1", tags: ["production"], metadata: new() { ["plan"] = "free" }))
        {
            using SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai");
            call.SetInput([ProbeMessage.System("Be terse."), ProbeMessage.User("Hi")]);
            call.SetOutput([ProbeMessage.Assistant("Hello")]);
            call.SetTokenUsage(promptTokens: 1000, completionTokens: 500);
            call.SetFinishReason("stop");
        }

        CapturedTrace trace = await capture.WaitForTraceAsync();
        CapturedSpan span = trace.ModelCalls.ShouldHaveSingleItem();
        span.Model.ShouldBe("gpt-5.4");
        span.Provider.ShouldBe("openai");
        span.Operation.ShouldBe("chat");
        span.InputMessages.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be terse.", "user: Hi"]);
        span.OutputMessages.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["assistant: Hello"]);
        span.Usage.TotalTokens.ShouldBe(1500);
        span.FinishReasons.ShouldBe(["stop"]);
        span.Cost.ShouldNotBeNull().ShouldBeGreaterThan(0);
        trace.Cost.ShouldBe(span.Cost.Value);
        (trace.SessionId, trace.UserId).ShouldBe(("s1", "u1"));
        trace.Tags.ShouldBe(["production"]);
        trace.Metadata["plan"].ShouldBe("free");
        capture.Measurements.Select(measured => measured.Name).ShouldContain("gen_ai.client.operation.duration");
    }
}
