namespace PandaProbe.Local.Reading;

/// <summary>Represents a part of a message.</summary>
/// <param name="Kind">The kind, which gives the other members their meaning.</param>
/// <param name="Text">
/// The text of a text or a reasoning; the arguments of a tool call and the result of a tool, as JSON or as text; the JSON of any other
/// part.
/// </param>
/// <param name="Id">The identifier of a tool call or of the call that a result belongs to; the provider's identifier of a file.</param>
/// <param name="Name">The tool; the name of a file; the type of any other part.</param>
/// <param name="MimeType">The media type of an image or a file.</param>
/// <param name="Uri">The address of an image or a file. A small image that came as bytes has a <c>data:</c> address.</param>
/// <param name="Size">The number of bytes of an image or a file that came as bytes.</param>
internal sealed record ReadPart(
    ReadPartKind Kind, string? Text = null, string? Id = null, string? Name = null, string? MimeType = null, string? Uri = null,
    long? Size = null);
