namespace PandaProbe.Testing.Patterns;

/// <summary>Specifies what a line of a pattern stands for.</summary>
internal enum PatternLine
{
    /// <summary>A span.</summary>
    Span,

    /// <summary>Children in any order.</summary>
    Unordered,

    /// <summary>Any further spans.</summary>
    Rest,
}
