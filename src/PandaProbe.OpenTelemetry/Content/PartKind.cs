namespace PandaProbe.Content;

/// <summary>What a message is made of, as the conventions have it.</summary>
internal enum PartKind : byte
{
    Text,
    Reasoning,
    ToolCall,
    ToolResult,
    Blob,
    Uri,
    File,

    /// <summary>Anything else, under a type of its own.</summary>
    Generic,
}
