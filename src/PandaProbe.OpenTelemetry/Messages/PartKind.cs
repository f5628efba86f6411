namespace PandaProbe.Messages;

/// <summary>Specifies the kind of a message's part, as the conventions define it.</summary>
internal enum PartKind : byte
{
    Text,
    Reasoning,
    ToolCall,
    ToolResult,

    /// <summary>A call of a tool that the provider runs.</summary>
    ServerToolCall,
    ServerToolResult,
    Blob,
    Uri,
    File,

    /// <summary>Any other part. Its text is the name of its type.</summary>
    Generic,
}
