namespace PandaProbe;

/// <summary>
/// Records every call of the method inside a trace as a span: its arguments as the input, its result as the output. An exception fails the
/// span and reaches the caller unchanged. Outside of any trace nothing is recorded by default; see <see cref="OutsideTrace"/>. The compiler
/// replaces the calls in projects that reference this package; calls from other assemblies are not recorded.
/// </summary>
/// <example>
/// <code>
/// [ProbeSpan(Kind = ProbeSpanKind.Retriever)]
/// private async Task&lt;string[]&gt; RetrieveAsync(string question, [ProbeIgnore] string apiKey) { … }
/// </code>
/// </example>
/// <param name="name">The name of the span. <see langword="null"/>, the default, takes the method's name.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProbeSpanAttribute(string? name = null) : Attribute
{
    /// <summary>Gets the name of the span. <see langword="null"/>, the default, takes the method's name.</summary>
    public string? Name { get; } = name;

    /// <summary>Gets or sets the kind of the step. The default is <see cref="ProbeSpanKind.Other"/>.</summary>
    public ProbeSpanKind Kind { get; set; }

    /// <summary>Gets or sets the requested model, for a call to a model. The default is <see langword="null"/>.</summary>
    public string? Model { get; set; }

    /// <summary>
    /// Gets or sets the provider of the model, for example <c>openai</c>. <see langword="null"/>, the default, derives it from the model's
    /// name where possible.
    /// </summary>
    public string? Provider { get; set; }

    /// <summary>Gets or sets what a call outside of any trace does. Overrides <see cref="ProbeSpansAttribute.OutsideTrace"/>.</summary>
    public ProbeOutsideTrace OutsideTrace { get; set; }
}
