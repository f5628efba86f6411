namespace PandaProbe.Generators.Shapes;

public static class MethodShapes
{
    internal static readonly Shape[] All =
    [
        new("static, void", """
            public static class Shape
            {
                public static int Ran;
                [ProbeSpan] public static void Work(int times) => Ran += times;
                public static Task Run(Action<string> say) { Ran = 0; Work(3); say($"{Ran}"); return Task.CompletedTask; }
            }
            """, """OTHER Work in={"times":3}"""),

        new("static, value", """
            public static class Shape
            {
                [ProbeSpan("sum", Kind = ProbeSpanKind.Tool)] public static int Add(int a, int b) => a + b;
                public static Task Run(Action<string> say) { say($"{Add(2, 3)} {Add(b: 1, a: 0)}"); return Task.CompletedTask; }
            }
            """, """
            TOOL sum in={"a":2,"b":3} out=5
            TOOL sum in={"a":0,"b":1} out=1
            """),

        new("instance, text", """
            public sealed class Agent(string greeting)
            {
                [ProbeSpan(Kind = ProbeSpanKind.Agent)] public string Greet(string name) => $"{greeting} {name}";
            }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say(new Agent("hi").Greet("Ann \"A\"")); return Task.CompletedTask; }
            }
            """, """AGENT Greet in={"name":"Ann \"A\""} out=hi Ann "A" """.TrimEnd()),

        new("instance through this, private", """
            public sealed class Agent
            {
                [ProbeSpan] private string Step(string word, params int[] numbers) => word + numbers.Length;
                [ProbeSpan] private static int Twice(int x) => 2 * x;
                public string Go() => Step("a", 1, 2) + this.Step("b") + Twice(4);
            }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say(new Agent().Go()); return Task.CompletedTask; }
            }
            """, """
            OTHER Step in={"word":"a","numbers":[1,2]} out=a2
            OTHER Step in={"word":"b","numbers":[]} out=b0
            OTHER Twice in={"x":4} out=8
            """),

        new("private in a static class", """
            public static class Shape
            {
                [ProbeSpan] private static string Hidden(string word) => word.ToUpperInvariant();
                public static Task Run(Action<string> say) { say(Hidden("x")); return Task.CompletedTask; }
            }
            """, """OTHER Hidden in={"word":"x"} out=X"""),

        new("private, generic", """
            public sealed class Agent
            {
                [ProbeSpan] private T Echo<T>(T value) where T : notnull => value;
                public string Go() => Echo("a") + Echo(1);
            }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say(new Agent().Go()); return Task.CompletedTask; }
            }
            """, """
            OTHER Echo in={"value":"a"} out=a
            OTHER Echo in={"value":1} out=1
            """),

        new("protected, of a base class", """
            public class Base { [ProbeSpan] protected string Step(int n) => $"step {n}"; }
            public sealed class Derived : Base { public string Go() => Step(1) + base.Step(2) + this.Step(3); }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say(new Derived().Go()); return Task.CompletedTask; }
            }
            """, """
            OTHER Step in={"n":1} out=step 1
            OTHER Step in={"n":3} out=step 3
            """),

        new("generic method, from generic code", """
            public static class Shape
            {
                [ProbeSpan] public static T Pick<T, U>(T first, U second) where T : class where U : struct => first;
                private static string From<T>(T value) where T : class => Pick(value, 2.5)!.ToString()!;
                public static Task Run(Action<string> say) { say(From("x") + Pick<string, Guid>("y", Guid.Empty)); return Task.CompletedTask; }
            }
            """, """
            OTHER Pick in={"first":"x","second":2.5} out=x
            OTHER Pick in={"first":"y","second":"00000000-0000-0000-0000-000000000000"} out=y
            """),

        new("generic type, nested", """
            public class Outer<A>
            {
                public class Inner<B>(A a)
                {
                    [ProbeSpan] public string Both<C>(B b, C c) => $"{a} {b} {c}";
                    [ProbeSpan] public static B Same(B b) => b;
                }
            }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say(new Outer<int>.Inner<string>(1).Both("b", 'c') + Outer<string>.Inner<long>.Same(7)); return Task.CompletedTask; }
            }
            """, """
            OTHER Both in={"b":"b","c":"c"} out=1 b c
            OTHER Same in={"b":7} out=7
            """),

        new("extension, called both ways", """
            public static class Extensions { [ProbeSpan] public static string Shout(this string text, int times = 1) => text + new string('!', times); }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say("a".Shout() + Extensions.Shout("b", 2)); return Task.CompletedTask; }
            }
            """, """
            OTHER Shout in={"text":"a","times":1} out=a!
            OTHER Shout in={"text":"b","times":2} out=b!!
            """),

        new("generic extension over an interface", """
            public static class Extensions { [ProbeSpan] public static T First<T>(this IReadOnlyList<T> items) => items[0]; }
            public static class Shape
            {
                public static Task Run(Action<string> say) { say(new List<string> { "x", "y" }.First() + new[] { 4, 5 }.First()); return Task.CompletedTask; }
            }
            """, """
            OTHER First in={"items":["x","y"]} out=x
            OTHER First in={"items":[4,5]} out=4
            """),

        new("overloaded", """
            public sealed class Agent
            {
                [ProbeSpan("text")] public string Ask(string q) => "text";
                [ProbeSpan("number")] public string Ask(int q) => "number";
                [ProbeSpan("any")] public string Ask(object q) => "any";
                public string Ask(double q) => "plain";
            }
            public static class Shape
            {
                public static Task Run(Action<string> say) { Agent a = new(); say(a.Ask("x") + a.Ask(1) + a.Ask((object)"x") + a.Ask(1.5)); return Task.CompletedTask; }
            }
            """, """
            OTHER text in={"q":"x"} out=text
            OTHER number in={"q":1} out=number
            OTHER any in={"q":"x"} out=any
            """),

        new("ref, out and in", """
            public static class Shape
            {
                [ProbeSpan] public static bool Move(ref int from, out string how, in long by, ref readonly int other) { from += (int)by + other; how = "moved"; return true; }
                public static Task Run(Action<string> say)
                {
                    int x = 1; int o = 5;
                    bool ok = Move(ref x, out string how, 4, in o);
                    say($"{ok} {x} {how}");
                    return Task.CompletedTask;
                }
            }
            """, """OTHER Move in={"from":1,"by":4,"other":5} out=true"""),

        new("returns by reference", """
            public sealed class Box { private int _value = 3; [ProbeSpan] public ref int Value() => ref _value; [ProbeSpan] public ref readonly int Look() => ref _value; }
            public static class Shape
            {
                public static Task Run(Action<string> say) { Box box = new(); box.Value() = 9; say($"{box.Value()} {box.Look()}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Value out=3
            OTHER Value out=9
            OTHER Look out=9
            """),

        new("params span and spans of characters", """
            public static class Shape
            {
                [ProbeSpan] public static int Count(ReadOnlySpan<char> text, params ReadOnlySpan<int> numbers) => text.Length + numbers.Length;
                [ProbeSpan] public static ReadOnlySpan<char> Cut(string text) => text.AsSpan(1);
                public static Task Run(Action<string> say) { say($"{Count("abc", 1, 2)} {Cut("xyz")}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Count in={"text":"abc"} out=5
            OTHER Cut in={"text":"xyz"}
            """),

        new("optional arguments and caller information", """
            using System.Runtime.CompilerServices;
            public static class Shape
            {
                [ProbeSpan] public static string Where(string? text, int n = 7, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0, [CallerArgumentExpression(nameof(text))] string expression = "") => $"{text} {n} {member} {line} {expression}";
                public static Task Run(Action<string> say)
                {
                    string x = "v";
                    say(Where(x + "!"));
                    return Task.CompletedTask;
                }
            }
            """, """OTHER Where in={"text":"v!","n":7,"member":"Run","line":9,"expression":"x \u002B \u0022!\u0022"} out=v! 7 Run 9 x + "!" """.Replace("\\u002B", "+").Replace("\\u0022", "\\\"").TrimEnd()),

        new("struct, by reference", """
            public struct Counter { public int N; [ProbeSpan] public int Next() => ++N; [ProbeSpan] public readonly int Peek() => N; }
            public readonly struct Point(int x) { [ProbeSpan] public int X() => x; }
            public static class Shape
            {
                private static Counter Make() => new() { N = 40 };
                public static Task Run(Action<string> say)
                {
                    Counter c = default;
                    say($"{c.Next()} {c.Next()} {c.N} {c.Peek()} {Make().Next()} {new Point(8).X()}");
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Next out=1
            OTHER Next out=2
            OTHER Peek out=2
            OTHER Next out=41
            OTHER X out=8
            """),

        new("interface, called through it", """
            public interface IAgent { [ProbeSpan("ask")] Task<string> AskAsync(string q); }
            public sealed class Agent : IAgent { public async Task<string> AskAsync(string q) { await Task.Yield(); return q + "!"; } }
            public static class Shape
            {
                public static async Task Run(Action<string> say) { IAgent a = new Agent(); say(await a.AskAsync("x")); say(await new Agent().AskAsync("direct")); }
            }
            """, """OTHER ask in={"q":"x"} out=x!"""),

        new("interface with a default implementation", """
            public interface IAgent { [ProbeSpan] string Ask(string q) => q + "?"; }
            public sealed class Agent : IAgent;
            public static class Shape
            {
                public static Task Run(Action<string> say) { IAgent a = new Agent(); say(a.Ask("x")); return Task.CompletedTask; }
            }
            """, """OTHER Ask in={"q":"x"} out=x?"""),

        new("virtual and overridden", """
            public class Base { [ProbeSpan] public virtual string Ask(string q) => "base " + q; }
            public class Derived : Base { public override string Ask(string q) => "derived " + base.Ask(q); }
            public static class Shape
            {
                public static Task Run(Action<string> say) { Base b = new Derived(); say(b.Ask("1")); say(new Derived().Ask("2")); return Task.CompletedTask; }
            }
            """, """
            OTHER Ask in={"q":"1"} out=derived base 1
            OTHER Ask in={"q":"2"} out=derived base 2
            """),

        new("abstract, generic, covariant return", """
            public abstract class Step<T> { [ProbeSpan] public abstract object Do(T input); }
            public sealed class Upper : Step<string> { public override string Do(string input) => input.ToUpperInvariant(); }
            public static class Shape
            {
                public static Task Run(Action<string> say) { Step<string> s = new Upper(); say((string)s.Do("a")); say(new Upper().Do("b")); return Task.CompletedTask; }
            }
            """, """
            OTHER Do in={"input":"a"} out=A
            OTHER Do in={"input":"b"} out=B
            """),

        new("conditional access", """
            public sealed class Agent { [ProbeSpan] public string? Ask(string q) => q; public Agent? Next; }
            public static class Shape
            {
                public static Task Run(Action<string> say) { Agent? a = new(); say(a?.Ask("x") ?? "null"); say(a!.Next?.Ask("y") ?? "null"); return Task.CompletedTask; }
            }
            """, """OTHER Ask in={"q":"x"} out=x"""),

        new("order of evaluation", """
            public sealed class Agent { [ProbeSpan] public string Ask(string a, string b) => a + b; }
            public static class Shape
            {
                public static Task Run(Action<string> say)
                {
                    Agent Get() { say("receiver"); return new(); }
                    string Arg(string name) { say(name); return name; }
                    say(Get().Ask(b: Arg("b"), a: Arg("a")));
                    return Task.CompletedTask;
                }
            }
            """, """OTHER Ask in={"a":"a","b":"b"} out=ab"""),

        new("recursive", """
            public static class Shape
            {
                [ProbeSpan] public static int Down(int n) => n == 0 ? 0 : Down(n - 1);
                public static Task Run(Action<string> say) { say($"{Down(2)}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Down in={"n":2} out=0
              OTHER Down in={"n":1} out=0
                OTHER Down in={"n":0} out=0
            """),

        new("names that are keywords or taken", """
            public static class Shape
            {
                [ProbeSpan] public static string @class(string @string, int call, int self, int exception, int result) => @string + call + self + exception + result;
                public static Task Run(Action<string> say) { say(@class("s", 1, 2, 3, 4)); return Task.CompletedTask; }
            }
            """, """OTHER class in={"string":"s","call":1,"self":2,"exception":3,"result":4} out=s1234"""),

        new("ignored arguments, services and cancellation", """
            public interface IStore;
            public sealed class SearchClient { public string Key => "secret"; }
            public sealed class Handle : IDisposable { public void Dispose() { } }
            public static class Shape
            {
                [ProbeSpan] public static string Find(string q, [ProbeIgnore] string apiKey, IStore? store, SearchClient client, Handle handle, Func<int> f, CancellationToken ct) => q;
                [ProbeSpan] [return: ProbeIgnore] public static string Secret(string q) => "secret";
                public static Task Run(Action<string> say) { say(Find("q", "key", null, new(), new(), () => 1, default) + Secret("s")); return Task.CompletedTask; }
            }
            """, """
            OTHER Find in={"q":"q"} out=q
            OTHER Secret in={"q":"s"}
            """),

        new("objects, by value at the time of the call", """
            public sealed record Question(string Text, int Top) { public List<string> Tags { get; init; } = []; }
            public static class Shape
            {
                [ProbeSpan] public static Question Change(Question q, Dictionary<string, int> map, DayOfWeek day, DateTimeOffset? at) { q.Tags.Add("late"); map.Clear(); return q; }
                public static Task Run(Action<string> say) { say(Change(new("x", 1), new() { ["k"] = 1 }, DayOfWeek.Monday, null).Tags.Count.ToString()); return Task.CompletedTask; }
            }
            """, """OTHER Change in={"q":{"Text":"x","Top":1,"Tags":[]},"map":{"k":1},"day":"Monday","at":null} out={"Text":"x","Top":1,"Tags":["late"]}"""),

        new("types of a source-generated JSON context", """
            using System.Text.Json.Serialization;
            public sealed record Question(string Text);
            public sealed record Answer(string Text, double Score);
            [JsonSerializable(typeof(Question))]
            [JsonSerializable(typeof(Answer))]
            [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
            internal sealed partial class Json : JsonSerializerContext;
            public static class Shape
            {
                [ProbeSpan] public static Answer Ask(Question question) => new(question.Text, 0.5);
                [ProbeSpan] public static Task<Answer> AskAsync(Question question) => Task.FromResult(new Answer(question.Text, 0.5));
                public static async Task Run(Action<string> say) { say(Ask(new("x")).Text); say((await AskAsync(new("y"))).Text); }
            }
            """, """
            OTHER Ask in={"question":{"text":"x"}} out={"text":"x","score":0.5}
            OTHER AskAsync in={"question":{"text":"y"}} out={"text":"y","score":0.5}
            """),

        new("lazy arguments are not enumerated", """
            public static class Shape
            {
                private static int _made;
                private static IEnumerable<int> Make() { _made++; yield return 1; }
                [ProbeSpan] public static int Ignore(IEnumerable<int> items, IEnumerable<string> texts) => 0;
                public static Task Run(Action<string> say) { _made = 0; Ignore(Make(), new[] { "a" }.Where(x => { _made++; return true; })); say($"{_made}"); return Task.CompletedTask; }
            }
            """, """OTHER Ignore in={"items":"ShapeN.Shape+<Make>d__1","texts":"System.Linq.Enumerable+ArrayWhereIterator`1[System.String]"} out=0"""),

        new("exception, thrown and passed through", """
            public static class Shape
            {
                [ProbeSpan] public static int Fail(int n) => throw new InvalidOperationException("no " + n);
                public static Task Run(Action<string> say)
                {
                    try { Fail(3); } catch (InvalidOperationException e) { say(e.ToString()); }
                    try { Fail(4); } catch (Exception e) when (Note(say, e)) { say("caught"); }
                    return Task.CompletedTask;
                }
                private static bool Note(Action<string> say, Exception e) { say("filter " + e.Message); return true; }
            }
            """, """
            OTHER Fail in={"n":3} error=System.InvalidOperationException: no 3
            OTHER Fail in={"n":4} error=System.InvalidOperationException: no 4
            """),

        new("exception of a private method, with its stack", """
            public sealed class Agent
            {
                [ProbeSpan] private void Fail(string why) { if (why.Length > 0) throw new ArgumentException(why); }
                [ProbeSpan] public void Outer() => Fail("bad");
            }
            public static class Shape
            {
                public static Task Run(Action<string> say)
                {
                    try { new Agent().Outer(); } catch (ArgumentException e) { say(e.StackTrace!); }
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Outer error=System.ArgumentException: bad
              OTHER Fail in={"why":"bad"} error=System.ArgumentException: bad
            """),

        new("what a method sees of its stack", """
            public static class Shape
            {
                [ProbeSpan] [return: ProbeIgnore] public static string Stack() => string.Join('|', Environment.StackTrace.Split('\n').Take(3).Select(line => line.Trim()));
                public static Task Run(Action<string> say) { say(Stack()); return Task.CompletedTask; }
            }
            """, "OTHER Stack"),

        ..UnusualShapes.All,
        ..IndirectShapes.All,
        ..AsynchronousShapes.All,
        ..SequenceShapes.All,
        ..TraceShapes.All,
    ];
}
