namespace PandaProbe.Testing.Patterns;

/// <summary>Represents one row of two trees side by side.</summary>
/// <param name="Depth">The depth in the tree.</param>
/// <param name="Expected">The line of the pattern; <see langword="null"/> beside an unexpected span.</param>
/// <param name="Captured">The span; <see langword="null"/> beside a missing one.</param>
/// <param name="Difference">What is wrong; <see langword="null"/> when the row fits, or when it belongs to a difference above.</param>
internal sealed record AlignedRow(int Depth, PatternNode? Expected, CapturedSpan? Captured, string? Difference);
