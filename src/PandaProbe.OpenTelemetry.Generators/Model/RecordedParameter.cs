namespace PandaProbe.Generators.Model;

/// <summary>Describes a parameter recorded in the input.</summary>
/// <param name="Name">The name in the source, without the <c>@</c> of a keyword.</param>
/// <param name="Value">The expression that reads it.</param>
/// <param name="Type">The type, as JSON contexts name it.</param>
internal sealed record RecordedParameter(string Name, string Value, string Type);
