namespace PandaProbe.Local.Reading;

/// <summary>Specifies the kind of a message's part.</summary>
internal enum ReadPartKind
{
    Text,
    Reasoning,
    ToolCall,
    ToolResult,

    /// <summary>An image, a file, audio or video.</summary>
    Media,

    /// <summary>Any other part. Its text is its JSON.</summary>
    Other,
}
