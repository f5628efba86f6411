using PandaProbe.CodeFixes;

namespace PandaProbe.Generators.Analyzers;

public sealed class ScopeAnalyzerTests
{
    [Theory]
    [InlineData("""[|Probe.StartTrace("a")|];""")]
    [InlineData("""_ = [|Probe.StartSpan("a")|];""")]
    [InlineData("""var span = [|Probe.StartSpan("a")|]; span.SetInput("x");""")]
    [InlineData("""[|Probe.StartSpan("a")|].SetInput("x");""")]
    [InlineData("""[|Probe.Session("a")|];""")]
    [InlineData("""using var trace = Probe.StartTrace("a"); var span = [|trace.StartSpan("b")|]; span.SetOutput("x");""")]
    [InlineData("""using var span = Probe.StartSpan("a");""")]
    [InlineData("""using (Probe.StartSpan("a")) { }""")]
    [InlineData("""var span = Probe.StartSpan("a"); try { span.SetInput("x"); } finally { span.Dispose(); }""")]
    [InlineData("""var span = Probe.StartSpan("a"); using (span) { }""")]
    [InlineData("""var span = Probe.StartSpan("a"); Keep(span);""")]
    [InlineData("""Keep(Probe.StartSpan("a"));""")]
    [InlineData("""Probe.StartSpan("a").Dispose();""")]
    [InlineData("""var current = Probe.CurrentSpan; current.SetInput("x");""")]
    public Task A_scope_that_is_opened_and_forgotten_is_reported(string statements) =>
        Analyzed.Reports("PROBE001", $"static class C {{ static void M() {{ {statements} }} static void Keep(SpanScope span) {{ }} }}");

    [Fact]
    public Task A_scope_that_is_returned_or_kept_is_somebody_elses() => Analyzed.Reports("PROBE001", """
        class C
        {
            private SpanScope _span;
            void Open() => _span = Probe.StartSpan("a");
            SpanScope Make() => Probe.StartSpan("b");
            SpanScope MakeLater() { var span = Probe.StartSpan("c"); span.SetInput("x"); return span; }
        }
        """);

    [Theory]
    [InlineData("""var trace = Probe.StartTrace("a");""", """using var trace = Probe.StartTrace("a");""")]
    [InlineData("""Probe.StartSpan("a");""", """using var span = Probe.StartSpan("a");""")]
    [InlineData("""_ = Probe.StartTrace("a");""", """using var trace = Probe.StartTrace("a");""")]
    [InlineData("""Probe.StartSpan("a").SetInput("x");""", "no fix")]
    [InlineData("""if (DateTime.Now.Year > 1) Probe.StartSpan("a");""", "no fix")]
    [InlineData("""switch (1) { case 1: Probe.StartSpan("a"); break; }""", "no fix")]
    [InlineData("""using var span = Probe.CurrentSpan; Probe.StartSpan("a");""", """using var span = Probe.CurrentSpan; using var span2 = Probe.StartSpan("a");""")]
    public async Task The_fix_puts_using_in_front(string statement, string wanted)
    {
        string changed = await Analyzed.Fixed(
            new DisposeScopeFix(), $"static class C\n{{\n    static void M()\n    {{\n        {statement}\n    }}\n}}\n");

        (changed == "no fix" ? changed : changed.Split('\n')[4].Trim()).ShouldBe(wanted);
    }

    [Theory]
    [InlineData("""static Task<int> M() { using var span = Probe.StartSpan("a"); [|return Work();|] }""")]
    [InlineData("""static Task M() { using (Probe.StartTrace("a")) { [|return Work();|] } }""")]
    [InlineData("""static ValueTask<int> M() { using var span = Probe.StartSpan("a"); if (span.IsRecording) { [|return new(Work());|] } return default; }""")]
    [InlineData("""static async Task<int> M() { using var span = Probe.StartSpan("a"); return await Work(); }""")]
    [InlineData("""static Task M() { using var span = Probe.StartSpan("a"); return Task.CompletedTask; }""")]
    [InlineData("""static Task<int> M() { using (Probe.StartSpan("a")) { } return Work(); }""")]
    [InlineData("""static Task<int> M() { using var span = Probe.StartSpan("a"); Func<Task<int>> f = () => Work(); return Task.FromResult(1); }""")]
    public Task A_task_that_outlives_its_scope_is_reported(string method) =>
        Analyzed.Reports("PROBE002", $"static class C {{ {method} static async Task<int> Work() {{ await Task.Yield(); return 1; }} }}");

    [Theory]
    [InlineData("static Task<int> M() { using var span = Probe.StartSpan(\"a\"); return Work(); }",
        "static async Task<int> M() { using var span = Probe.StartSpan(\"a\"); return await Work(); }")]
    [InlineData("static Task M() { using var span = Probe.StartSpan(\"a\"); return Work(); }",
        "static async Task M() { using var span = Probe.StartSpan(\"a\"); await Work(); }")]
    [InlineData("static Task<int> M(bool b) { using var span = Probe.StartSpan(\"a\"); return b ? Work() : null!; }",
        "return await (b ? Work() : null!);")]
    [InlineData("static ValueTask<int> M(bool b) { using var span = Probe.StartSpan(\"a\"); if (b) return default; return new(Work()); }",
        "if (b) return default; return await new ValueTask<int>(Work());")]
    [InlineData("static ValueTask M(bool b) { using var span = Probe.StartSpan(\"a\"); if (b) return default; return new(Work()); }",
        "if (b) return; await new ValueTask(Work());")]
    [InlineData("static void M() { Func<Task<int>> f = () => { using var span = Probe.StartSpan(\"a\"); return Work(); }; }", "no fix")]
    [InlineData("static void M() { Task<int> F() { using var span = Probe.StartSpan(\"a\"); return Work(); } }", "no fix")]
    public async Task The_fix_awaits_the_task(string method, string wanted) =>
        (await Analyzed.Fixed(
            new AwaitTaskFix(), $"static class C {{ {method} static async Task<int> Work() {{ await Task.Yield(); return 1; }} }}"))
            .ShouldContain(wanted);

    [Theory]
    [InlineData("await using var span = Probe.StartSpan(\"a\");", "using var span = Probe.StartSpan(\"a\");")]
    [InlineData("await using (Probe.StartSpan(\"a\")) { }", "using (Probe.StartSpan(\"a\")) { }")]
    public async Task Await_using_does_not_compile_and_its_fix_removes_the_await(string statement, string wanted) =>
        (await Analyzed.Fixed(new RemoveAwaitFix(), $"static class C {{ static async Task M() {{ await Task.Yield(); {statement} }} }}"))
            .ShouldContain($"; {wanted}");
}
