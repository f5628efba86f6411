namespace PandaProbe.Testing;

/// <summary>Which differences between an actual and an expected trajectory are allowed.</summary>
public enum TrajectoryMatch
{
    /// <summary>The same steps in the same order, and no other.</summary>
    Strict,

    /// <summary>All expected steps in the expected order. Other steps may stand before, between and after them.</summary>
    InOrder,

    /// <summary>The same steps in any order, and no other.</summary>
    Unordered,

    /// <summary>Only expected steps, in any order. Some of them may be missing.</summary>
    Subset,

    /// <summary>All expected steps, in any order. There may be others.</summary>
    Superset,
}
