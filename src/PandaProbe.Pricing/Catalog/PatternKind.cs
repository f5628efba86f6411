namespace PandaProbe.Pricing;

/// <summary>Lists the kinds of patterns. The numbers are part of the embedded price book's format.</summary>
internal enum PatternKind : byte
{
    Exact = 0,
    Prefix = 1,
    Suffix = 2,
    Contains = 3,
    Regex = 4,
    Any = 5,
    All = 6,
}
