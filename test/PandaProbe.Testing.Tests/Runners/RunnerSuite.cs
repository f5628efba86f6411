// The same suite under every runner: only the names of the attributes differ.
#if NUNIT
using Case = NUnit.Framework.TestAttribute;
using Suite = NUnit.Framework.TestFixtureAttribute;

[assembly: NUnit.Framework.Parallelizable(NUnit.Framework.ParallelScope.All)]
#elif MSTEST
using Case = Microsoft.VisualStudio.TestTools.UnitTesting.TestMethodAttribute;
using Suite = Microsoft.VisualStudio.TestTools.UnitTesting.TestClassAttribute;

[assembly: Microsoft.VisualStudio.TestTools.UnitTesting.Parallelize(
    Scope = Microsoft.VisualStudio.TestTools.UnitTesting.ExecutionScope.MethodLevel)]
#else
using Case = Xunit.FactAttribute;
using Suite = System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverageAttribute;
#endif

namespace PandaProbe.Testing.Runners;

[Suite]
public sealed class RunnerSuite
{
    [Case]
    public Task A_capture_sees_its_own_test() => SeeOnlyOwnAsync("lookup_order");

    [Case]
    public Task A_capture_sees_nothing_of_a_test_beside_it() => SeeOnlyOwnAsync("refund");

    [Case]
    public async Task A_failure_is_a_plain_exception_with_the_whole_message()
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync("lookup_order");
        CapturedTrace trace = await capture.WaitForTraceAsync();

        ProbeAssertionException failure = Should.Throw<ProbeAssertionException>(() => trace.Tools.Never("lookup_order"));

        failure.Message.ShouldStartWith("The tool 'lookup_order' should never run");
        failure.GetType().BaseType.ShouldBe(typeof(Exception));
    }

    [Case]
    public async Task A_snapshot_stands_beside_the_source()
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync("lookup_order");

        (await capture.WaitForTraceAsync()).ShouldMatchSnapshot();
    }

    [Case]
    public async Task A_budget_and_a_sound_trace()
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync("lookup_order", "refund");

        CapturedTrace trace = await capture.WaitForTraceAsync();

        trace.ShouldBeSound().ShouldStayWithin(cost: 0.01m, tokens: 240, modelCalls: 2, toolCalls: 2).ShouldNotLoop()
            .ShouldNotContain("4111 1111 1111 1111");
        trace.Tools.Before("lookup_order", "refund").Exactly("lookup_order", "refund").Times("refund", 1)
            .Called("refund", """{"limit":5.0,"order":"A1"}""").Called("refund", """{"order":"A1"}""", ArgumentMatch.Subset)
            .Called("refund", """{"order":"?","limit":5}""", ignoring: ["order"]);
    }

    private static async Task SeeOnlyOwnAsync(string tool)
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync(tool);

        (await capture.WaitForTraceAsync()).ShouldMatch($"""
            TRACE support
              AGENT helper
                LLM answer model:gpt-5* provider:openai ok
                TOOL {tool}
                LLM answer
            """);
        capture.Traces.Count.ShouldBe(1);
    }
}
