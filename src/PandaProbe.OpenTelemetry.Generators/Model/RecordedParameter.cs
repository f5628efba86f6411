namespace PandaProbe.Generators.Model;

/// <summary>A parameter that becomes part of the input.</summary>
/// <param name="Name">As in the source; without the <c>@</c> of a keyword.</param>
/// <param name="Value">The expression that reads it.</param>
/// <param name="Type">As JSON contexts name it.</param>
internal sealed record RecordedParameter(string Name, string Value, string Type);
