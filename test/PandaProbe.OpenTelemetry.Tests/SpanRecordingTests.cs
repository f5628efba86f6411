namespace PandaProbe;

public sealed class RecordingTests
{
    [Fact]
    public async Task Records_what_its_own_flow_starts_tasks_included_and_nothing_of_others()
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

        using SpanRecording recorded = new();
        recording.SetResult();
        await elsewhere;
        using (Probe.StartTrace("own"))
            await Task.Run(() => Probe.StartSpan("in a task").Dispose());

        recorded.Spans.Select(span => span.DisplayName).ShouldBe(["in a task", "own"]);
        recorded.Span("in a task").ParentSpanId.ShouldBe(recorded.Span("own").SpanId);
        Should.Throw<ShouldAssertException>(() => recorded.Span("foreign"));
    }
}
