namespace PandaProbe.Local.Reading;

/// <summary>Represents a document that a retriever found.</summary>
internal sealed record ReadDocument(string? Id, string? Content, double? Score, string? Metadata);
