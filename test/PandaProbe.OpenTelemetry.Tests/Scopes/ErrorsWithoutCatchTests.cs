using System.Diagnostics;

namespace PandaProbe.Scopes;

/// <summary>A <c>using</c> is enough: what an exception does to the spans that it passes, and to those that it does not.</summary>
public sealed class ErrorsWithoutCatchTests
{
    [Fact]
    public void Using_marks_the_span_as_error_when_an_exception_leaves_the_block()
    {
        using SpanRecording recording = new();

        Should.Throw<InvalidOperationException>(() =>
        {
            using SpanScope span = Probe.StartSpan("fails");
            throw new InvalidOperationException("no such order");
        });

        Activity failed = recording.Span("fails");
        failed.Status.ShouldBe(ActivityStatusCode.Error);
        failed.StatusDescription.ShouldBe("no such order");
        failed.Tag("error.type").ShouldBe("System.InvalidOperationException");
        ActivityEvent recorded = failed.Exceptions().ShouldHaveSingleItem();
        Tag(recorded, "exception.type").ShouldBe("System.InvalidOperationException");
        Tag(recorded, "exception.message").ShouldBe("no such order");
        Tag(recorded, "exception.stacktrace").ShouldNotBeNull()
            .ShouldContain(nameof(Using_marks_the_span_as_error_when_an_exception_leaves_the_block));
    }

    [Fact]
    public async Task Every_scope_that_the_exception_leaves_is_marked_and_no_other()
    {
        using SpanRecording recording = new();

        async Task RunAsync()
        {
            using TraceScope trace = Probe.StartTrace("trace");
            using (trace.StartSpan("before"))
                await Task.Yield();

            using SpanScope outer = trace.StartSpan("outer", ProbeSpanKind.Agent);
            await Task.Yield();
            using (outer.StartSpan("recovers", ProbeSpanKind.Tool))
            {
                try
                {
                    await FailAsync("caught");
                }
                catch (TimeoutException)
                {
                }
            }

            using SpanScope inner = outer.StartSpan("inner", ProbeSpanKind.Llm);
            await FailAsync("leaves");
        }

        (await Should.ThrowAsync<TimeoutException>(RunAsync)).Message.ShouldBe("leaves");

        recording.Spans.Where(span => span.Status == ActivityStatusCode.Error).Select(span => span.DisplayName)
            .ShouldBe(["inner", "outer", "trace"]);
        recording.Spans.Where(span => span.Status == ActivityStatusCode.Error).ShouldAllBe(span => span.StatusDescription == "leaves");
        recording.Span("recovers").Status.ShouldBe(ActivityStatusCode.Unset);
        recording.Span("before").Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public void A_span_opened_while_an_exception_is_handled_ends_well_unless_something_new_leaves_it()
    {
        using SpanRecording recording = new();

        try
        {
            throw new TimeoutException("first");
        }
        catch (TimeoutException)
        {
            using (Probe.StartSpan("fallback"))
            {
            }

            Should.Throw<FormatException>(() =>
            {
                using SpanScope span = Probe.StartSpan("fallback fails too");
                throw new FormatException("second");
            });
        }

        recording.Span("fallback").Status.ShouldBe(ActivityStatusCode.Unset);
        recording.Span("fallback fails too").StatusDescription.ShouldBe("second");
    }

    [Fact]
    public void A_cleanup_span_opened_in_a_finally_block_is_not_blamed_for_what_is_passing()
    {
        using SpanRecording recording = new();

        Should.Throw<TimeoutException>(() =>
        {
            using SpanScope work = Probe.StartSpan("work");
            try
            {
                throw new TimeoutException("late");
            }
            finally
            {
                using (Probe.StartSpan("cleanup"))
                {
                }
            }
        });

        recording.Span("cleanup").Status.ShouldBe(ActivityStatusCode.Unset);
        recording.Span("work").StatusDescription.ShouldBe("late");
    }

    [Fact]
    public async Task Cancellation_that_leaves_the_block_is_an_error_of_its_own_type()
    {
        using SpanRecording recording = new();
        using CancellationTokenSource cancellation = new();

        async Task RunAsync()
        {
            using SpanScope span = Probe.StartSpan("cancelled", ProbeSpanKind.Llm);
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation.Token);
        }

        await Should.ThrowAsync<TaskCanceledException>(RunAsync);

        recording.Span("cancelled").Tag("error.type").ShouldBe("System.Threading.Tasks.TaskCanceledException");
    }

    [Fact]
    public async Task An_exception_in_a_background_task_marks_the_background_span_only()
    {
        using SpanRecording recording = new();

        using (Probe.StartTrace("trace"))
        {
            var background = Task.Run(() =>
            {
                using SpanScope span = Probe.StartSpan("background");
                throw new InvalidOperationException("unseen");
            });
            await Should.ThrowAsync<InvalidOperationException>(background);
        }

        recording.Span("background").StatusDescription.ShouldBe("unseen");
        recording.Span("trace").Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public void An_exception_recorded_by_hand_that_then_leaves_is_one_event()
    {
        using SpanRecording recording = new();

        Should.Throw<FormatException>(() =>
        {
            using SpanScope span = Probe.StartSpan("span");
            try
            {
                throw new FormatException("bad");
            }
            catch (FormatException exception)
            {
                span.RecordException(exception);
                throw;
            }
        });

        recording.Span("span").Exceptions().ShouldHaveSingleItem();
        recording.Span("span").StatusDescription.ShouldBe("bad");
    }

    [Fact]
    public void An_error_set_by_hand_says_what_happened_without_an_exception()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span"))
            span.SetError("the tool answered nonsense");

        Activity span1 = recording.Span("span");
        span1.Status.ShouldBe(ActivityStatusCode.Error);
        span1.StatusDescription.ShouldBe("the tool answered nonsense");
        span1.Tag("error.type").ShouldBe("_OTHER");
        span1.Exceptions().ShouldBeEmpty();
    }

    [Fact]
    public void An_exception_whose_own_members_throw_still_marks_the_span_by_its_type()
    {
        using SpanRecording recording = new();

        Should.Throw<HostileException>(() =>
        {
            using SpanScope span = Probe.StartSpan("span");
            throw new HostileException();
        });

        Activity span = recording.Span("span");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.Tag("error.type").ShouldBe(typeof(HostileException).FullName);
        Tag(span.Exceptions().ShouldHaveSingleItem(), "exception.type").ShouldBe(typeof(HostileException).FullName);
    }

    [Fact]
    public void The_exception_itself_is_not_touched()
    {
        using SpanRecording recording = new();
        InvalidOperationException original = new("as it was");

        InvalidOperationException seen = Should.Throw<InvalidOperationException>(() =>
        {
            using SpanScope span = Probe.StartSpan("span");
            throw original;
        });

        seen.ShouldBeSameAs(original);
        seen.Data.Count.ShouldBe(0);
        seen.StackTrace.ShouldNotBeNull().ShouldNotContain("PandaProbe.Context");
    }

    private static async Task FailAsync(string message)
    {
        await Task.Yield();
        throw new TimeoutException(message);
    }

    private static string? Tag(ActivityEvent recorded, string name) => recorded.Tags.FirstOrDefault(tag => tag.Key == name).Value as string;

    private sealed class HostileException : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string ToString() => throw new NotSupportedException();
    }
}
