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
    ];
}
