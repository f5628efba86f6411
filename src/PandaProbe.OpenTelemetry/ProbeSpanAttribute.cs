namespace PandaProbe;

/// <summary>
/// Every call of this method inside a trace is a span: its arguments become the input, its result the output, and an exception fails it and passes
/// through unchanged. Outside of any trace the method just runs; see <see cref="OutsideTrace"/>.
/// Works at compile time: the compiler replaces the calls that it sees in projects that reference this package.
/// </summary>
/// <example>
/// <code>
/// [ProbeSpan(Kind = ProbeSpanKind.Retriever)]
/// private async Task&lt;string[]&gt; RetrieveAsync(string question, [ProbeIgnore] string apiKey) { … }
/// </code>
/// </example>
/// <param name="name">What this step is called; the method's name if not given.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProbeSpanAttribute(string? name = null) : Attribute
{
    /// <summary>What this step is called; the method's name if not given.</summary>
    public string? Name { get; } = name;

    /// <summary>What the step is.</summary>
    public ProbeSpanKind Kind { get; set; }

    /// <summary>The model that is asked, for steps that ask one.</summary>
    public string? Model { get; set; }

    /// <summary>The provider of the model, for example <c>openai</c>. If not given, the model's name tells, where it can.</summary>
    public string? Provider { get; set; }

    /// <summary>What a call outside of any trace does. Wins over <see cref="ProbeSpansAttribute.OutsideTrace"/>.</summary>
    public ProbeOutsideTrace OutsideTrace { get; set; }
}
