using System.Diagnostics;

namespace PandaProbe.Scopes;

/// <summary>Sessions, users and tags: who wins, how far they reach, and where they end.</summary>
public sealed class AmbientTests
{
    [Fact]
    public async Task Everything_recorded_inside_belongs_to_the_session_and_user_whoever_records_it()
    {
        using ActivitySource other = new("AmbientTests." + Guid.NewGuid());
        using SpanRecording recording = new(tracing: builder => builder.AddSource(other.Name));

        using (Probe.Session("s-1"))
        using (Probe.User("u-1"))
        {
            using TraceScope trace = Probe.StartTrace("trace", tags: ["red"]);
            await Task.Run(() =>
            {
                using (trace.StartSpan("span"))
                using (other.StartActivity("foreign"))
                {
                }
            });
        }

        foreach (string name in new[] { "trace", "span", "foreign" })
        {
            Activity activity = recording.Span(name);
            activity.Tag("session.id").ShouldBe("s-1", name);
            activity.Tag("gen_ai.conversation.id").ShouldBe("s-1", name);
            activity.Tag("user.id").ShouldBe("u-1", name);
            activity.Tag("tag.tags").ShouldBe(new[] { "red" }, name);
        }
    }

    [Fact]
    public void An_explicit_argument_wins_over_an_enclosing_scope_which_wins_over_what_was_set()
    {
        using SpanRecording recording = new();

        Probe.SetSession("set");
        Probe.SetUser("set-user");
        using (Probe.StartTrace("from set"))
        {
        }

        using (Probe.Session("scope"))
        {
            Probe.SetSession("set inside");
            using (Probe.StartTrace("from scope"))
            {
            }

            using (Probe.StartTrace("explicit", sessionId: "argument"))
            using (Probe.StartSpan("below explicit"))
            {
            }

            using (Probe.StartTrace("after explicit"))
            {
            }
        }

        using (Probe.StartTrace("after scope"))
        {
        }

        recording.Span("from set").Tag("session.id").ShouldBe("set");
        recording.Span("from set").Tag("user.id").ShouldBe("set-user");
        recording.Span("from scope").Tag("session.id").ShouldBe("scope");
        recording.Span("explicit").Tag("session.id").ShouldBe("argument");
        recording.Span("explicit").Tag("user.id").ShouldBe("set-user");
        recording.Span("below explicit").Tag("session.id").ShouldBe("argument");
        recording.Span("after explicit").Tag("session.id").ShouldBe("scope");
        recording.Span("after scope").Tag("session.id").ShouldBe("set inside");
    }

    [Fact]
    public async Task What_a_task_sets_stays_in_the_task()
    {
        using SpanRecording recording = new();

        await Task.Run(async () =>
        {
            Probe.SetSession("task's own");
            await Task.Yield();
            using (Probe.StartTrace("inside"))
            {
            }
        });
        using (Probe.StartTrace("outside"))
        {
        }

        recording.Span("inside").Tag("session.id").ShouldBe("task's own");
        recording.Span("outside").HasTag("session.id").ShouldBeFalse();
    }

    [Fact]
    public async Task Work_that_outlives_the_scope_keeps_its_session()
    {
        using SpanRecording recording = new();
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task background;

        using (Probe.Session("s-1"))
        using (TraceScope trace = Probe.StartTrace("trace", userId: "u-1"))
        {
            background = Task.Run(async () =>
            {
                await go.Task;
                using (Probe.StartSpan("late"))
                {
                }
            });
        }

        go.SetResult();
        await background;

        recording.Span("late").Tag("session.id").ShouldBe("s-1");
        recording.Span("late").Tag("user.id").ShouldBe("u-1");
        recording.Span("late").ParentSpanId.ShouldBe(recording.Span("trace").SpanId);
    }

    [Fact]
    public void Scopes_closed_in_the_wrong_order_or_twice_leave_nothing_behind()
    {
        using SpanRecording recording = new();

        AmbientScope outer = Probe.Session("outer");
        AmbientScope inner = Probe.Session("inner");
        outer.Dispose();
        using (Probe.StartTrace("inner is still open"))
        {
        }

        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        using (Probe.StartTrace("all closed"))
        {
        }

        recording.Span("inner is still open").Tag("session.id").ShouldBe("inner");
        recording.Span("all closed").HasTag("session.id").ShouldBeFalse();
    }

    [Fact]
    public void What_is_set_inside_a_scope_does_not_keep_the_scope_open()
    {
        using SpanRecording recording = new();

        using (Probe.Session("scope"))
            Probe.SetUser("user");
        using (Probe.StartTrace("after"))
        {
        }

        recording.Span("after").HasTag("session.id").ShouldBeFalse();
        recording.Span("after").Tag("user.id").ShouldBe("user");
    }

    [Fact]
    public void A_scope_without_an_id_hides_the_one_outside()
    {
        using SpanRecording recording = new();

        using (Probe.Session("outer"))
        using (Probe.Session(null))
        using (Probe.StartTrace("trace"))
        {
        }

        recording.Span("trace").HasTag("session.id").ShouldBeFalse();
    }

    [Fact]
    public void A_scope_passed_to_another_flow_starts_spans_below_its_trace_with_its_session()
    {
        using SpanRecording recording = new();
        using TraceScope trace = Probe.StartTrace("trace", sessionId: "s-1", userId: "u-1", tags: ["red"]);
        Activity[] seen = [];

        Thread thread = new(() =>
        {
            Activity.Current.ShouldBeNull();
            using SpanScope span = trace.StartSpan("elsewhere");
            using SpanScope below = Probe.StartSpan("below");
            Probe.CurrentTrace.ShouldBe(trace);
            seen = [span.Activity!, below.Activity!];
        });
        thread.UnsafeStart();
        thread.Join();

        seen[0].ParentSpanId.ShouldBe(trace.Activity!.SpanId);
        seen[1].ParentSpanId.ShouldBe(seen[0].SpanId);
        seen[0].Tag("session.id").ShouldBe("s-1");
        seen[0].Tag("user.id").ShouldBe("u-1");
        seen[0].Tag("tag.tags").ShouldBe(new[] { "red" });
        Activity.Current.ShouldBe(trace.Activity);
    }

    [Fact]
    public void Tags_changed_later_reach_what_starts_later()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace("trace", tags: ["draft"]))
        {
            trace.SetTags(["final", "eu"]);
            using (trace.StartSpan("span"))
            {
            }
        }

        using (Probe.StartTrace("next"))
        {
        }

        recording.Span("trace").Tag("tag.tags").ShouldBe(new[] { "final", "eu" });
        recording.Span("span").Tag("tag.tags").ShouldBe(new[] { "final", "eu" });
        recording.Span("next").HasTag("tag.tags").ShouldBeFalse();
    }

    [Fact]
    public async Task A_trace_closed_in_another_flow_does_not_hand_its_session_to_the_next_trace()
    {
        using SpanRecording recording = new();

        TraceScope trace = Probe.StartTrace("first", sessionId: "first session");
        await Task.Run(() => trace.Dispose());
        using (Probe.StartTrace("second"))
        {
        }

        recording.Span("second").HasTag("session.id").ShouldBeFalse();
        recording.Span("second").ParentSpanId.ShouldBe(default);
    }

    [Fact]
    public void Tags_that_a_trace_sets_later_reach_the_scopes_inside_but_not_a_trace_with_its_own()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace("trace", tags: ["first"]))
        using (Probe.Session("session"))
        {
            trace.SetTags(["later"]);
            Probe.StartSpan("span").Dispose();
            using (Probe.StartTrace("inner", tags: ["own"]))
            {
                trace.SetTags(["last"]);
                Probe.StartSpan("inner span").Dispose();
            }

            Probe.StartSpan("last span").Dispose();
        }

        recording.Span("span").Tag("tag.tags").ShouldBe(new[] { "later" });
        recording.Span("inner span").Tag("tag.tags").ShouldBe(new[] { "own" });
        recording.Span("last span").Tag("tag.tags").ShouldBe(new[] { "last" });
    }
}
