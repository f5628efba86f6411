namespace PandaProbe;

/// <summary>Represents one document that a retriever found, for <see cref="SpanScope.SetDocuments"/>.</summary>
/// <param name="content">The text of the document, or of the part that was found. <see langword="null"/> records no text.</param>
/// <param name="id">The identifier in the store. <see langword="null"/>, the default, records none.</param>
/// <param name="score">How relevant the document is, in the store's own measure. <see langword="null"/>, the default, records none.</param>
/// <example>
/// <code>
/// span.SetDocuments(found.Select(hit => new ProbeDocument(hit.Text, hit.Id, hit.Score)));
/// </code>
/// </example>
public sealed class ProbeDocument(string? content, string? id = null, double? score = null)
{
    /// <summary>Gets the text of the document, or of the part that was found.</summary>
    public string? Content { get; } = content;

    /// <summary>Gets the identifier in the store.</summary>
    public string? Id { get; } = id;

    /// <summary>Gets how relevant the document is, in the store's own measure.</summary>
    public double? Score { get; } = score;

    /// <summary>
    /// Gets or sets further facts, for example the file and the page. Objects become JSON. The default is <see langword="null"/>.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Metadata { get; init; }
}
