using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Pricing.Tests;

namespace PandaProbe.Testing;

/// <summary>What a user reads when an assertion fails. The messages are the files in Snapshots.</summary>
public sealed class FailureMessageTests
{
    [Fact]
    public Task A_missing_tool() => Fails(trace => trace.ShouldMatch("""
        TRACE support
          AGENT helper
            LLM answer ×1..2
            TOOL lookup_order
            TOOL refund
            LLM answer
        """), "lookup_order");

    [Fact]
    public Task An_unexpected_tool() => Fails(trace => trace.ShouldMatch("""
        TRACE support
          AGENT helper
            LLM answer
            TOOL lookup_order
            LLM answer
        """), "lookup_order", "refund");

    [Fact]
    public Task Another_model() => Fails(trace => trace.ShouldMatch("""
        TRACE support
          AGENT helper
            LLM answer model:claude-*
            LLM answer model:claude-*
        """));

    [Fact]
    public Task Another_order() => Fails(trace => trace.ShouldMatch("""
        TRACE support
          AGENT helper
            LLM
            TOOL refund
            TOOL lookup_order
            LLM
        """), "lookup_order", "refund");

    [Fact]
    public Task A_missing_tool_among_unordered_ones() => Fails(trace => trace.ShouldMatch("""
        TRACE support
          AGENT helper
            LLM
            unordered
              TOOL refund
              TOOL check_stock
            ? TOOL notify
            LLM
        """), "lookup_order", "refund");

    [Fact]
    public Task A_tool_before_another() => Fails(trace => trace.Tools.Before("lookup_order", "refund"), "refund", "lookup_order");

    [Fact]
    public Task A_tool_before_one_that_never_ran() => Fails(trace => trace.Tools.Before("lookup_order", "refund"), "lookup_order");

    [Fact]
    public Task A_tool_that_should_never_run() => Fails(trace => trace.Tools.Never("delete_*"), "delete_account");

    [Fact]
    public Task Other_tools_than_exactly_these() => Fails(trace => trace.Tools.Exactly("lookup_order", "refund"), "lookup_order");

    [Fact]
    public Task A_tool_too_often() => Fails(trace => trace.Tools.Times("refund", 1), "refund", "refund");

    [Fact]
    public Task Other_arguments() =>
        Fails(trace => trace.Tools.Called("refund", """{"order":"A2","limit":5}"""), "lookup_order", "refund", "refund");

    [Fact]
    public Task Arguments_that_are_missing() =>
        Fails(trace => trace.Tools.Called("refund", """{"amount":3}""", ArgumentMatch.Subset), "refund");

    [Fact]
    public Task Unexpected_arguments() => Fails(trace => trace.Tools.Called("refund", """{"order":"A1"}"""), "refund");

    [Fact]
    public async Task An_exceeded_budget()
    {
        ManualTime time = new();
        using var capture = ProbeCapture.Start(options => options.TimeProvider = time);
        using (Probe.StartTrace("support"))
        {
            Support.Ask("a", "b");
            Support.Ask("a", "b", "house-model");
            await Support.CallAsync("lookup_order", "{}");
            using (SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai", name: "stream"))
            {
                call.Activity!.SetTag("gen_ai.response.time_to_first_chunk", 2.25);
                call.SetTokenUsage(5000, 1000);
            }

            time.Advance(TimeSpan.FromSeconds(12.5));
        }

        Fails(await capture.WaitForTraceAsync(), trace => trace.ShouldStayWithin(
            cost: 0.002m, tokens: 1000, modelCalls: 2, toolCalls: 0, firstChunk: TimeSpan.FromSeconds(1),
            duration: TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void An_unsound_trace()
    {
        using var capture = ProbeCapture.Start();
        using TraceScope open = Probe.StartTrace("run");
        Probe.StartLlmSpan("gpt-5.4", "openai", name: "silent").Dispose();
        Support.Ask("a", "b", "house-model");
        Support.Ask("a", "b", "gpt-5.4", provider: "ollama");
        Activity.Current = null;
        ActivityContext lost = new(open.Activity!.TraceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using ActivitySource source = new("Experimental.Microsoft.Extensions.AI");
        source.StartActivity("execute_tool", ActivityKind.Internal, lost, [new("gen_ai.operation.name", "execute_tool")])!.Dispose();

        Fails(capture.Trace, trace => trace.ShouldBeSound());
    }

    [Fact]
    public async Task A_leak()
    {
        const string Secret = "sk-\"proj\"-4f9a8b7c6d5e";
        using var capture = ProbeCapture.Start();
        using (TraceScope trace = Probe.StartTrace("support", "My key is " + Secret, tags: [Secret]))
        {
            trace.SetMetadata("note", Secret);
            trace.Score("helpful", 0.5, reason: "It repeated " + Secret);
            using (SpanScope span = trace.StartSpan("https://example.com/?text=" + Uri.EscapeDataString(Secret)))
                span.SetError("refused " + Secret);
            Support.Ask(Secret, "Thanks.");
            trace.Activity!.AddEvent(new("note", tags: new() { ["text"] = Secret }));
            trace.Activity!.SetTag(Secret, 1);
        }

        Fails(await capture.WaitForTraceAsync(), trace => trace.ShouldNotContain(Secret));
        Should.Throw<ProbeAssertionException>(() => capture.ShouldNotContain(Secret)).Message.ShouldNotContain("4f9a8b7c6d5e");
    }

    [Fact]
    public async Task A_loop()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("support"))
        {
            for (int i = 0; i < 3; i++)
            {
                Support.Ask("Where is it?", "Let me look.");
                await Support.CallAsync("lookup_order", """{"order":"A1"}""");
            }
        }

        Fails(await capture.WaitForTraceAsync(), trace => trace.ShouldNotLoop());
    }

    [Fact]
    public async Task Arguments_in_another_order_are_the_same_call()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("support"))
        {
            await Support.CallAsync("lookup_order", """{"order":"A1","limit":5}""");
            await Support.CallAsync("lookup_order", """{"limit":5.0,"order":"A1"}""");
        }

        CapturedTrace trace = await capture.WaitForTraceAsync();
        Should.Throw<ProbeAssertionException>(() => trace.ShouldNotLoop(most: 1)).Message.ShouldContain("ran 2 times");
    }

    [Fact]
    public async Task Spans_that_stay_open()
    {
        ManualTime time = new();
        using var capture = ProbeCapture.Start(options => options.TimeProvider = time);
        using TraceScope trace = Probe.StartTrace("support");
        using SpanScope span = trace.StartSpan("lookup_order", ProbeSpanKind.Tool);
        Task<CapturedTrace> waiting = capture.WaitForTraceAsync();
        time.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<ProbeAssertionException>(() => waiting)).Message.ShouldMatchSnapshot();
    }

    [Fact]
    public async Task Nothing_captured()
    {
        ManualTime time = new();
        using var capture = ProbeCapture.Start(options => options.TimeProvider = time);
        Task<CapturedTrace> waiting = capture.WaitForTraceAsync();
        time.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<ProbeAssertionException>(() => waiting)).Message.ShouldMatchSnapshot();
        Should.Throw<ProbeAssertionException>(() => capture.Trace).Message.ShouldMatchSnapshot("at once");
    }

    [Fact]
    public void Several_traces()
    {
        using var capture = ProbeCapture.Start();
        Probe.StartTrace("one").Dispose();
        Probe.StartTrace("two").Dispose();

        Should.Throw<ProbeAssertionException>(() => capture.Trace).Message.ShouldMatchSnapshot();
    }

    [Fact]
    public Task A_name_that_is_not_there() => Fails(trace => trace.Span("refund"), "lookup_order");

    private static async Task Fails(Action<CapturedTrace> assert, params string[] tools)
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync(tools);
        Fails(await capture.WaitForTraceAsync(), assert, Caller(assert));
    }

    // The lambda is named after the test that made it: <A_missing_tool>b__0.
    private static string Caller(Delegate assert) => assert.Method.Name.Split('<', '>')[1];

    private static void Fails(CapturedTrace trace, Action<CapturedTrace> assert, [CallerMemberName] string member = "") =>
        Should.Throw<ProbeAssertionException>(() => assert(trace)).Message.Replace(trace.TraceId, "<trace>", StringComparison.Ordinal)
            .ShouldMatchSnapshot(member: member);
}
