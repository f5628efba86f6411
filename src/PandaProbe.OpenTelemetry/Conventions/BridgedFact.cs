namespace PandaProbe.Conventions;

/// <summary>What an attribute for other backends says.</summary>
internal enum BridgedFact
{
    /// <summary>All metadata as one JSON object.</summary>
    Metadata,

    /// <summary>One value of the metadata. Its key ends the attribute's name.</summary>
    EachMetadata,

    /// <summary>The same, on the root of a trace only.</summary>
    EachMetadataOfTrace,

    /// <summary>The same, on all spans but the root of a trace.</summary>
    EachMetadataOfSpan,

    Session,
    User,

    /// <summary>A list.</summary>
    Tags,

    /// <summary>One text with commas between the tags.</summary>
    JoinedTags,

    /// <summary>The total in US dollars.</summary>
    Cost,

    /// <summary>The total and its parts in US dollars as a JSON object.</summary>
    CostParts,

    CompletionStart,
    CacheRead,
    CacheWrite,
    Reasoning,

    /// <summary>One text of which an embedding was made. Its number and <c>.embedding.text</c> end the attribute's name.</summary>
    EachEmbeddedText,
}
