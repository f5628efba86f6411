namespace PandaProbe.Conventions;

/// <summary>What the name of a <see cref="TextRow"/> is.</summary>
internal enum TextPlace
{
    /// <summary>The name of an attribute of a span or an event.</summary>
    Attribute,

    /// <summary>The beginning of the names of several attributes.</summary>
    Prefix,

    /// <summary>A part of a span, a score or the resource that is no attribute of a span.</summary>
    Part,

    /// <summary>What carries all other rows to somewhere else.</summary>
    Carrier,
}
