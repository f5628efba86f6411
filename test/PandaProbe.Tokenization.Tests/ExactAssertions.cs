namespace PandaProbe.Tokenization.Tests;

/// <summary>
/// Shouldly's assertions for loops of a hundred thousand and more: Shouldly itself takes longer than what is tested, so it is called for a
/// difference only.
/// </summary>
internal static class ExactAssertions
{
    public static void ShouldBeExactly(this int actual, int expected)
    {
        if (actual != expected)
            actual.ShouldBe(expected);
    }

    public static void ShouldBeExactly<T>(this T[] actual, T[] expected, string? message = null)
        where T : IEquatable<T>
    {
        if (!actual.AsSpan().SequenceEqual(expected))
            actual.ShouldBe(expected, message);
    }
}
