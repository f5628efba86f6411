namespace PandaProbe.Generators.Shapes;

/// <summary>
/// A shape of method: a program that calls it inside a trace and says what it sees, and the spans that should be recorded.
/// </summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Code">A class <c>Shape</c> with <c>static Task Run(Action&lt;string&gt; say)</c>, and what it needs.</param>
/// <param name="Spans">As <see cref="SpanTree"/> writes them.</param>
public sealed record Shape(string Name, string Code, string Spans)
{
    /// <summary>Whether the program runs outside of any trace.</summary>
    public bool Outside { get; init; }
}
