namespace PandaProbe.Local.Reading;

/// <summary>Bounds of what is read of one span. What is beyond stays in the raw span.</summary>
internal static class ReadLimits
{
    /// <summary>Messages, parts of a message, documents, tools and tags.</summary>
    public const int Items = 10_000;

    /// <summary>The length of a <c>data:</c> address that is kept, so that a picture can be shown.</summary>
    public const int DataUri = 131_072;

    /// <summary>How deep messages are looked for inside wrappers.</summary>
    public const int Wrappers = 8;
}
