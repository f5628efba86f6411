using Microsoft.CodeAnalysis;
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
}
