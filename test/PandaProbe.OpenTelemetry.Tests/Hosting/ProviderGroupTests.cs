using System.Diagnostics;

namespace PandaProbe.Tests.Hosting;

public sealed class ProviderGroupTests
{
    [Fact]
    public async Task Providers_that_are_kept_apart_share_neither_spans_nor_settings()
    {
        using Barrier bothAreThere = new(2);

        Task<string?> strict = Task.Run(() => Record(capture: false));
        Task<string?> lenient = Task.Run(() => Record(capture: true));

        (await strict).ShouldBeNull();
        (await lenient).ShouldBe("secret");

        string? Record(bool capture)
        {
            using SpanRecording recording = new(options => options.CaptureContent = capture);
            bothAreThere.SignalAndWait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
            using (SpanScope span = Probe.StartSpan("step"))
                span.SetInput("secret");
            bothAreThere.SignalAndWait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
            return recording.Span("step").GetTagItem("input.value") as string;
        }
    }

    [Fact]
    public void Another_librarys_span_is_normalised_by_the_group_in_which_it_started_wherever_it_ends()
    {
        using ActivitySource other = new("Microsoft.SemanticKernel.Test");
        using SpanRecording recording = new();
        Activity call = other.StartActivity("chat")!;
        call.SetTag("gen_ai.operation.name", "chat");
        Thread elsewhere = new(call.Stop);
        using (ExecutionContext.SuppressFlow())
            elsewhere.Start();
        elsewhere.Join();

        recording.Span("chat").GetTagItem("pandaprobe.span.kind").ShouldBe("LLM");
    }
}
