namespace PandaProbe.Generators.Model;

/// <summary>Pairs a type with the source-generated <c>JsonSerializerContext</c> of the compilation that knows it.</summary>
internal sealed record KnownJsonType(string Type, string Context);
