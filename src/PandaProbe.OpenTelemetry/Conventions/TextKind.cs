namespace PandaProbe.Conventions;

/// <summary>What a text that leaves the process is about, and so what the options do to it.</summary>
internal enum TextKind
{
    /// <summary>Names, identities, metadata, parameters: what the application or a library calls things.</summary>
    Label,

    /// <summary>What users, models and tools said.</summary>
    Content,

    /// <summary>What an exception or a judge said. It often quotes the content.</summary>
    Error,

    /// <summary>What nobody here knows: other attributes of other libraries. It may be content.</summary>
    Unknown,
}
