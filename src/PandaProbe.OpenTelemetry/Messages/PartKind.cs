namespace PandaProbe.Messages;

/// <summary>What a part of a message is, in the conventions' terms.</summary>
internal enum PartKind : byte
{
    Text,
    Reasoning,
    ToolCall,
    ToolResult,
    Blob,
    Uri,
    File,

    /// <summary>Any other part; it names its type itself.</summary>
    Generic,
}
