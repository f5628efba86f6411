namespace PandaProbe.Testing.Evaluations;

public sealed class TextEvaluatorTests
{
    [Theory]
    [InlineData("kitten", "sitting", 1 - 3.0 / 7)]
    [InlineData("", "", 1)]
    [InlineData("", "abc", 0)]
    [InlineData("Saturday", "Sunday", 1 - 3.0 / 8)]
    [InlineData("👍👍", "👍👎", 0.5)]
    public void The_edit_distance_counts_characters(string left, string right, double expected)
    {
        EditDistance.Similarity(left, right).ShouldBe(expected, 1e-9);
        EditDistance.Similarity(right, left).ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Texts_that_are_too_long_for_the_edit_distance_have_no_score() =>
        Should.Throw<EvaluatorException>(() => EditDistance.Similarity(new string('a', EditDistance.MaxLength + 1), "b"))
            .Message.ShouldContain("20,000");

    [Theory]
    [InlineData("The cat sat.", "the cat sat", 1)]
    [InlineData("the the cat", "the cat", 0.8)]
    [InlineData("dog", "cat", 0)]
    [InlineData("", "", 1)]
    [InlineData("", "cat", 0)]
    [InlineData("Straße: 5€", "straße 5", 1)]
    [InlineData("a\uD800b", "a b", 1)]
    public void Token_f1_counts_shared_words(string output, string expected, double score) =>
        TokenF1.Of(output, expected).ShouldBe(score, 1e-9);
}
