namespace PandaProbe.Generators.Shapes;

/// <summary>What C# allows and few write.</summary>
public static class UnusualShapes
{
    internal static readonly Shape[] All =
    [
        new("names that generated code would give", """
            public class Shape
            {
                [ProbeSpan] private int Ask() => 1;
                [ProbeSpan] public int AskSite() => 2;
                [ProbeSpan] public int AskTarget() => 3;
                [ProbeSpan] private static string OfType(string type) => type;
                public static Task Run(Action<string> say) { Shape s = new(); say($"{s.Ask()} {s.AskSite()} {s.AskTarget()} {OfType("x")}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Ask out=1
            OTHER AskSite out=2
            OTHER AskTarget out=3
            OTHER OfType in={"type":"x"} out=x
            """),

        new("dynamic: bound when compiled, as without the attribute", """
            public static class Shape
            {
                [ProbeSpan] public static string Any(dynamic? value) => "dynamic";
                public static string Any(string value) => "string";
                [ProbeSpan] public static dynamic? Make(int x) => x == 0 ? null : x;
                public static Task Run(Action<string> say) { say(Any((object)"text")); say(Any((object?)null)); say($"{Make(0) is null} {Make(1)}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Any in={"value":"text"} out=dynamic
            OTHER Any in={"value":null} out=dynamic
            OTHER Make in={"x":0}
            OTHER Make in={"x":1} out=1
            """),

        new("dynamic argument, whose call is bound at run time", """
            public static class Shape
            {
                [ProbeSpan] public static int Ask(int x) => x;
                public static Task Run(Action<string> say) { dynamic d = 1; say($"{Ask(d)} {Ask((int)d)}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Ask in={"x":1} out=1
            """),

        new("kind that has no name", """
            public static class Shape
            {
                [ProbeSpan(Kind = (ProbeSpanKind)77)] public static int Ask() => 1;
                public static Task Run(Action<string> say) { say($"{Ask()}"); return Task.CompletedTask; }
            }
            """, "OTHER Ask out=1"),

        new("reference to what came out", """
            public static class Shape
            {
                [ProbeSpan] public static ref int Reset([System.Diagnostics.CodeAnalysis.UnscopedRef] out int x) { x = 1; return ref x; }
                public static Task Run(Action<string> say) { Reset(out int y) = 5; say($"{y}"); return Task.CompletedTask; }
            }
            """, "OTHER Reset out=1"),

        new("pointers inside of a type argument", """
            public static class Shape
            {
                [ProbeSpan] public static unsafe int Count(List<int*[]> x) => x.Count;
                [ProbeSpan] public static int One() => 1;
                public static unsafe Task Run(Action<string> say) { say($"{Count([])} {One()}"); return Task.CompletedTask; }
            }
            """, "OTHER One out=1"),

        new("query whose parts are expression trees", """
            public static class Shape
            {
                [ProbeSpan] public static int Key(int x) => -x;
                public static Task Run(Action<string> say)
                {
                    var numbers = new[] { 1, 2 }.AsQueryable();
                    say((from x in numbers orderby x, Key(x) descending select x).Expression.ToString());
                    say($"{(from x in new[] { 1, 2 } orderby Key(x) select x).First()}");
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Key in={"x":1} out=-1
            OTHER Key in={"x":2} out=-2
            """),

        new("trace whose session is not just a text", """
            public sealed class Bad { public override string ToString() => throw new InvalidOperationException("mine"); }
            public static class Shape
            {
                [ProbeTrace(SessionId = "a\\b\"{{id}}\t{id}", UserId = "{value}")] public static int Ask(ReadOnlySpan<char> id, [ProbeIgnore] dynamic? value) => 1;
                [ProbeTrace(SessionId = "{bad}", UserId = "{n:D} {n}")] public static int Fail([ProbeIgnore] Bad bad, decimal n) => 2;
                [ProbeTrace(SessionId = "{numbers}")] public static int Count(Span<int> numbers) => numbers.Length;
                public static Task Run(Action<string> say) { say($"{Ask("x", (object?)1.5)} {Fail(new(), 1.5m)} {Count(default)}"); return Task.CompletedTask; }
            }
            """, """
            TRACE Ask in={"id":"x"} out=1 session=a\b"{{id}}	x user=1.5
            TRACE Fail in={"n":1.5} out=2 user={n:D} 1.5
            TRACE Count out=0 session={numbers}
            """)
        {
            Outside = true,
        },
    ];
}
