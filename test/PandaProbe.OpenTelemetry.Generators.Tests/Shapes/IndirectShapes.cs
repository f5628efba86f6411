namespace PandaProbe.Generators.Shapes;

/// <summary>Calls of a method without an attribute that run one with an attribute: through interfaces and base classes.</summary>
public static class IndirectShapes
{
    internal static readonly Shape[] All =
    [
        new("interface whose implementation has the attribute", """
            public interface IAgent { Task<string> AnswerAsync(string question, string key); }
            public sealed class Agent : IAgent
            {
                [ProbeSpan("answer", Kind = ProbeSpanKind.Agent)]
                public async Task<string> AnswerAsync(string asked, [ProbeIgnore] string key) { await Task.Yield(); return asked + "!"; }
            }
            public static class Shape
            {
                private static IAgent? Resolve(bool known) => known ? new Agent() : null;
                public static async Task Run(Action<string> say)
                {
                    say(await Resolve(true)!.AnswerAsync("a", "secret"));
                    say(await (Resolve(false)?.AnswerAsync("b", "secret") ?? Task.FromResult("nobody")));
                    try { await Resolve(false)!.AnswerAsync("c", "secret"); } catch (NullReferenceException) { say("null"); }
                }
            }
            """, """
            AGENT answer in={"question":"a"} out=a!
            """),

        new("interface with several implementations", """
            public interface IStep { int Do(int x); }
            public class First : IStep { [ProbeSpan("first")] public virtual int Do(int x) => x + 1; }
            public class Second : First { [ProbeSpan("second", Kind = ProbeSpanKind.Tool)] public override int Do(int number) => base.Do(number) + 10; }
            public sealed class Third : Second { public override int Do(int x) => 3; }
            public sealed class Silent : IStep { public int Do(int x) => 0; }
            public readonly struct Small : IStep { [ProbeSpan("small")] [return: ProbeIgnore] public int Do(int x) => 7; }
            public sealed class Around(IStep inner) : IStep { public int Do(int x) => inner.Do(x) * 100; }
            public static class Shape
            {
                public static Task Run(Action<string> say)
                {
                    foreach (IStep step in new IStep[] { new First(), new Second(), new Third(), new Silent(), new Small(), new Around(new First()) })
                        say($"{step.Do(1)}");
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER first in={"x":1} out=2
            TOOL second in={"x":1} out=12
            TOOL second in={"x":1} out=3
            OTHER small in={"x":1}
            OTHER first in={"x":1} out=2
            """),

        new("override that is called through its base", """
            public abstract class AgentBase
            {
                protected internal abstract Task<int> StepAsync(int x);
                public virtual string Name(string of) => of;
                public Task<int> RunAsync() => StepAsync(4);
            }
            public sealed class Agent : AgentBase
            {
                [ProbeSpan] protected internal override async Task<int> StepAsync(int x) { await Task.Yield(); return x * 2; }
                [ProbeTrace("naming", SessionId = "s-{whose}")] public override string Name(string whose) => "name of " + whose;
            }
            public sealed class Plain : AgentBase { protected internal override Task<int> StepAsync(int x) => Task.FromResult(x); }
            public static class Shape
            {
                public static async Task Run(Action<string> say)
                {
                    foreach (AgentBase agent in new AgentBase[] { new Agent(), new Plain() })
                        say($"{await agent.RunAsync()} {agent.Name("x")}");
                }
            }
            """, """
            OTHER StepAsync in={"x":4} out=8
            TRACE naming in={"of":"x"} out=name of x session=s-x
            """),

        new("generic interface, and a stream", """
            public interface IHandler<in TRequest, out TResponse> { TResponse Handle<TExtra>(TRequest request, TExtra extra); IAsyncEnumerable<TResponse> Stream(TRequest request); }
            public sealed class Handler : IHandler<string, int>
            {
                [ProbeSpan] public int Handle<T>(string request, T extra) => request.Length;
                [ProbeSpan] public async IAsyncEnumerable<int> Stream(string request) { await Task.Yield(); yield return 1; yield return 2; }
            }
            public static class Shape
            {
                public static async Task Run(Action<string> say)
                {
                    IHandler<string, int> handler = new Handler();
                    say($"{handler.Handle("abc", 1.5)}");
                    await foreach (int item in handler.Stream("x")) say($"{item}");
                }
            }
            """, """
            OTHER Handle in={"request":"abc","extra":1.5} out=3
            OTHER Stream in={"request":"x"} out=[1,2]
            """),

        new("getters that call traced methods", """
            public sealed class Report
            {
                public string Text => Shape.Read("x");
                public int Number { get; init; }
            }
            public static class Shape
            {
                [ProbeSpan] public static string Read(string part) => part;
                [ProbeSpan] public static Report Make(Report from) => new() { Number = from.Number + 1 };
                [ProbeSpan] public static IEnumerable<Report> Many() { yield return new() { Number = 5 }; }
                public static Task Run(Action<string> say) { say($"{Make(new()).Number} {Many().Count()} {Read("y")}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Make in={"from":{"Text":"x","Number":0}} out={"Text":"x","Number":1}
            OTHER Many out=[{"Text":"x","Number":5}]
            OTHER Read in={"part":"y"} out=y
            """),
    ];
}
