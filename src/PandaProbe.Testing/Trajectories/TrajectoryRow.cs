namespace PandaProbe.Testing;

/// <summary>An expected and an actual step side by side.</summary>
/// <param name="Expected">The expected step; <see langword="null"/> when the actual one was not expected.</param>
/// <param name="Actual">The actual step; <see langword="null"/> when the expected one was not made.</param>
/// <param name="Difference">What differs; <see langword="null"/> when the steps fit or one is missing.</param>
internal sealed record TrajectoryRow(TrajectoryStep? Expected, TrajectoryStep? Actual, string? Difference);
