namespace PandaProbe.Generators.Model;

/// <summary>A type that a source-generated <c>JsonSerializerContext</c> of the compilation knows.</summary>
internal sealed record KnownJsonType(string Type, string Context);
