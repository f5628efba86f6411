using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PandaProbe.CodeFixes;

namespace PandaProbe.Generators.Analyzers;

public sealed class AttributeAnalyzerTests
{
    [Theory]
    [InlineData("public void M() { [[|ProbeSpan|]] int Local(int x) => x; Local(1); }")]
    [InlineData("public Func<int, int> M() => [[|ProbeSpan|]] (x) => x;")]
    [InlineData("public int P { [[|ProbeSpan|]] get; }")]
    [InlineData("[[|ProbeSpan|]] public static C operator +(C a, C b) => a;")]
    [InlineData("[[|ProbeSpan|]] public async void M() => await Task.Yield();")]
    [InlineData("[[|ProbeTrace|]] public override string ToString() => \"\";")]
    [InlineData("[[|ProbeSpan|]] public int M(__arglist) => 0;")]
    [InlineData("private sealed class Hidden; [[|ProbeSpan|]] private void M(Hidden h) { } public void N() => M(new());")]
    [InlineData("[[|ProbeSpan|]] protected virtual void M() { }")]
    [InlineData("[ProbeSpan] public int M(int x) => x;")]
    [InlineData("[ProbeSpan] protected int M(int x) => x;")]
    [InlineData("[ProbeSpan] internal async Task M() => await Task.Yield();")]
    public Task An_attribute_that_cannot_work_is_reported(string member) =>
        Analyzed.Reports("PROBE003", $"public class C {{ {member} }}");

    [Fact]
    public Task A_member_of_a_framework_interface_is_called_by_the_framework() => Analyzed.Reports("PROBE003", """
        public sealed class Job : IDisposable, IComparable<Job>
        {
            [[|ProbeTrace("cleanup")|]] public void Dispose() { }
            [[|ProbeSpan|]] int IComparable<Job>.CompareTo(Job? other) => 0;
            [ProbeSpan] public void Close() { }
        }
        """);

    [Fact]
    public Task The_entry_point_is_called_by_the_runtime() => Analyzed.Reports(
        "PROBE003", "static class Program { [[|ProbeTrace|]] static void Main() { } }", OutputKind.ConsoleApplication);

    [Fact]
    public Task Uses_that_cannot_be_replaced_are_reported() => Analyzed.Reports("PROBE004", """
        using System.Linq.Expressions;
        public class Base { [ProbeSpan] public virtual int Work(int x) => x; }
        public interface IStep { [ProbeSpan] int Do(int x); }
        public sealed class C : Base
        {
            public override int Work(int x) => [|base.Work(x)|];
            public void M(IQueryable<int> query)
            {
                Func<int, int> f = [|Work|];
                Expression<Func<int, int>> tree = x => [|Work(x)|];
                var numbers = new[] { 1 }.Select([|Work|]).ToList();
                var found = from x in query where [|Work(x)|] > 0 orderby [|Work(x)|] select x;
                var fine = new[] { 1 }.Select(x => Work(x)).ToList();
                string name = nameof(Work);
                Work(1);
            }
            public int Of<T>(T step) where T : IStep => [|step.Do(1)|];
        }
        """);

    [Theory]
    [InlineData("Func<int, int> f = Work;", "Func<int, int> f = x1 => Work(x1);")]
    [InlineData("Action<string, int> f = Say;", "Action<string, int> f = (x1, x2) => Say(x1, x2);")]
    [InlineData("Func<int> f = this.Get;", "Func<int> f = () => this.Get();")]
    [InlineData("Keyword f = Work;", "Keyword f = @event => Work(@event);")]
    public async Task The_fix_calls_it_in_a_lambda(string statement, string wanted) => (await Analyzed.Fixed(new UseLambdaFix(), $$"""
        class C
        {
            [ProbeSpan] public int Work(int x) => x;
            [ProbeSpan] public void Say(string a, int b) { }
            [ProbeSpan] public int Get() => 1;
            delegate int Keyword(int @event);
            void M() { {{statement}} }
        }
        """)).ShouldContain(wanted);

    [Fact]
    public Task A_private_method_that_nothing_calls_is_reported() => Analyzed.Reports("PROBE005", """
        public class C
        {
            [ProbeSpan] private int [|Never|]() => 1;
            [ProbeSpan] private int Called() => 1;
            [ProbeSpan] private T Generic<T>(T x) => x;
            [ProbeSpan] public int Public() => Called() + Generic(1);
        }

        public class D
        {
            [ProbeSpan] private int [|Step|](int n) => n;
            private long Step(long n) => n;
            [ProbeSpan] private int Chosen(int n) => n;
            private long Chosen(long n) => n;
            public long Run() => Step(5L) + Chosen(5);

            [ProbeSpan] private void [|Named|]() { }
            public string Name => nameof(Named) + nameof(D.Named);

            [ProbeSpan] private int Handed() => 1;
            public Func<int> Hand() => () => Handed();

            [ProbeSpan] private static int FromInside() => 1;
            public class Inner { public int Run() => FromInside(); }
        }

        public partial class Parts { [ProbeSpan] private int FromAnotherPart() => 1; }
        public partial class Parts { public int Run() => this.FromAnotherPart(); }
        """);

    [Fact]
    public Task A_placeholder_that_names_no_parameter_is_reported() => Analyzed.Reports("PROBE006", """
        public class C
        {
            [[|ProbeTrace(SessionId = "{conversation}")|]] public void M(string conversationId) { }
            [ProbeTrace(SessionId = "{id}", UserId = "user-{id}")] public void N(string id) { }
        }
        """);

    [Fact]
    public Task What_a_framework_calls_is_reported() => Analyzed.Reports("PROBE003", """
        using System.Threading;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Mvc;
        using Microsoft.AspNetCore.Mvc.RazorPages;
        using Microsoft.AspNetCore.SignalR;
        using Microsoft.Extensions.Hosting;
        public sealed class ChatController : ControllerBase
        {
            [HttpPost, [|ProbeTrace("chat")|]] public Task<string> Ask(string question) => Answer(question);
            [ProbeSpan] private Task<string> Answer(string question) => Task.FromResult(question);
            [NonAction, ProbeSpan] public void Reset() { }
        }
        [ApiController] public sealed class Plain { [[|ProbeTrace|]] public int Get() => 1; }
        public sealed class ChatHub : Hub { [[|ProbeTrace|]] public Task Send(string text) => Task.CompletedTask; }
        public sealed class ChatModel : PageModel { [[|ProbeTrace|]] public void OnGet() { } [ProbeSpan] public void Load() { } }
        public sealed class Middleware { [[|ProbeTrace|]] public Task InvokeAsync(HttpContext context) => Task.CompletedTask; }
        public sealed class Worker : BackgroundService
        {
            [[|ProbeTrace|]] protected override Task ExecuteAsync(CancellationToken stoppingToken) => Work();
            [ProbeTrace] private Task Work() => Task.CompletedTask;
        }
        """, references: CompiledProgram.WebReferences.Value);

    [Fact]
    public async Task The_advice_can_be_followed() => (await Analyzed.Reported(("File.cs", """

        public interface IJob<T> { int Run(); }
        public sealed class Job : IComparable<Job>, IJob<int>
        {
            [ProbeTrace] public int CompareTo(Job? other) => 0;
            [ProbeTrace] public int Run() => 1;
        }
        public sealed class Generic<T> : IJob<T> { [ProbeTrace] public int Run() => 2; }
        """))).ShouldBe(
        [
            "File.cs: PROBE003 ProbeTrace: [ProbeTrace] on 'CompareTo' has no effect: it is called by 'System.Runtime', whose code is compiled already;"
                + " put the attribute on a method that it calls, or open a trace in it with 'using' and Probe.StartTrace",
            "File.cs: PROBE007 ProbeTrace: Calls through 'IJob<T>' may not see [ProbeTrace] on 'Run'; put it on 'IJob<T>.Run'",
        ]);

    [Fact]
    public Task An_attribute_that_calls_through_the_interface_do_not_see_is_reported() => Analyzed.Reports("PROBE007", """
        public interface IAgent { int Answer(); }
        public abstract class Base { public abstract int Answer(); }
        internal sealed class Hidden : IAgent { [[|ProbeSpan|]] public int Answer() => 1; }
        internal sealed class HiddenToo : Base { [[|ProbeSpan|]] public override int Answer() => 1; }
        public sealed class Seen : IAgent { [ProbeSpan] public int Answer() => 1; }
        public sealed class Generic<T> : IAgent { [[|ProbeSpan|]] public int Answer() => 1; }
        internal interface IInner { int Ask(); }
        internal sealed class Inner : IInner { [ProbeSpan] public int Ask() => 1; }
        public interface ITraced { [ProbeSpan] int Ask(); }
        internal sealed class Traced : ITraced { [ProbeSpan] public int Ask() => 1; }
        """);

    [Fact]
    public Task A_program_has_no_callers_in_other_projects() => Analyzed.Reports("PROBE007", """
        public interface IAgent { int Answer(); }
        internal sealed class Hidden : IAgent { [ProbeSpan] public int Answer() => 1; }
        static class Program { static void Main() { } }
        """, OutputKind.ConsoleApplication);

    [Fact]
    public async Task What_Razor_files_use_and_declare_is_reported() => (await Analyzed.Reported(
        ("Agent.cs", """

            public partial class Home { [ProbeSpan] public static string Ask(string x) => x; [ProbeSpan] private void Save() { } }
            """),
        ("Components/Pages/Home_razor.g.cs", """
            // <auto-generated/>
            public partial class Home
            {
                private Action Clicked => Save;
                private string Text => Ask("x") + Local();
                [ProbeSpan] private string Local() => "y";
            }
            """),
        ("Other.g.cs", """
            // <auto-generated/>
            public static class Other { public static Func<string, string> F => Home.Ask; }
            """))).ShouldBe(
        [
            "Components/Pages/Home_razor.g.cs: PROBE003 ProbeSpan: [ProbeSpan] on 'Local' has no effect: source generators do not see what a .razor or .cshtml file declares; declare it in a .cs file",
            "Components/Pages/Home_razor.g.cs: PROBE004 Ask(\"x\"): This use of 'Ask' is not traced: source generators do not see the code of .razor and .cshtml files; call it from a method in a .cs file, and use that one here",
            "Components/Pages/Home_razor.g.cs: PROBE004 Save: This use of 'Save' is not traced: source generators do not see the code of .razor and .cshtml files; call it from a method in a .cs file, and use that one here",
        ]);

    [Theory]
    [InlineData(LanguageVersion.CSharp11, "PandaProbe.Generated")]
    [InlineData(LanguageVersion.CSharp12, "Somebody.Else")]
    public async Task A_project_whose_compiler_cannot_replace_calls_is_told(LanguageVersion version, string namespaces)
    {
        CSharpParseOptions parsing = CompiledProgram.Parsing.WithLanguageVersion(version)
            .WithFeatures([new("InterceptorsNamespaces", namespaces)]);
        string source = "public class C { [[|ProbeSpan|]] public int M() => 1; public int N() => M(); }";
        await Analyzed.Reports("PROBE003", source, parsing: parsing);

        var compilation = CSharpCompilation.Create(
            "Old", [CSharpSyntaxTree.ParseText("using PandaProbe; " + source.Replace("[|", "").Replace("|]", ""), parsing)],
            CompiledProgram.References);
        CSharpGeneratorDriver.Create([new ProbeInterceptorGenerator().AsSourceGenerator()], parseOptions: parsing)
            .RunGenerators(compilation).GetRunResult().GeneratedTrees.ShouldBeEmpty();
    }

    [Fact]
    public Task A_call_with_a_dynamic_argument_is_reported() => Analyzed.Reports("PROBE004", """
        public class C
        {
            [ProbeSpan] public int M(int x) => x;
            [ProbeSpan] public int Chosen(int x) => x;
            public int Chosen(string x) => 0;
            public int N(dynamic d) => [|M(d)|] + M((int)d) + [|Chosen(d)|] + Other(d);
            public int Other(int x) => x;
        }
        """);

    [Fact]
    public async Task Calls_in_files_with_the_same_content_are_reported() => (await Analyzed.Reported(
        ("Agent.cs", "\npublic static class Agent { [ProbeSpan] public static int Ask() => 1; }"),
        ("One/Same.cs", "\nfile static class Local { static int F() => Agent.Ask(); }"),
        ("Two/Same.cs", "\nfile static class Local { static int F() => Agent.Ask(); }"))).ShouldBe(
        [
            "One/Same.cs: PROBE004 Agent.Ask(): This use of 'Ask' is not traced: the compiler cannot tell its file from another one with the same content",
            "Two/Same.cs: PROBE004 Agent.Ask(): This use of 'Ask' is not traced: the compiler cannot tell its file from another one with the same content",
        ]);

    [Fact]
    public Task A_private_partial_method_that_is_called_is_not_reported() => Analyzed.Reports("PROBE005", """
        public partial class C
        {
            [ProbeSpan] private partial int Called(int x);
            [ProbeSpan] private partial int [|Never|](int x);
            public int Run() => Called(1);
        }
        public partial class C
        {
            private partial int Called(int x) => x;
            private partial int Never(int x) => x;
        }
        """);

    private const string Functions = """
        namespace Microsoft.Extensions.AI
        {
            public class AIFunction;
            public static class AIFunctionFactory { public static AIFunction Create(Delegate method) => new(); }
            public static class PandaProbeAIExtensions { public static AIFunction WithPandaProbe(this AIFunction function) => function; }
        }
        """;

    [Theory]
    [InlineData("AIFunctionFactory.Create([|Look|])", "AIFunctionFactory.Create(Look).WithPandaProbe()")]
    [InlineData("Microsoft.Extensions.AI.AIFunctionFactory.Create((Func<int, int>)[|Look|])",
        "Microsoft.Extensions.AI.AIFunctionFactory.Create((Func<int, int>)Look).WithPandaProbe()")]
    public async Task The_fix_traces_a_function_under_the_name_of_its_method(string creation, string wanted)
    {
        string source = $$"""
            using Microsoft.Extensions.AI;
            class C { [ProbeSpan] public static int Look(int x) => x; AIFunction F = {{creation}}; }
            {{Functions}}
            """;
        await Analyzed.Reports("PROBE004", source);
        (await Analyzed.Fixed(new TraceFunctionFix(), source)).ShouldContain(wanted);
        (await Analyzed.Fixed(new UseLambdaFix(), source)).ShouldBe("no fix");
    }
}
