using PandaProbe.Runtime;

namespace PandaProbe.Content;

/// <summary>Where a text that is too long ends, when there is a secret near the cut.</summary>
public sealed class WholeValuesTests
{
    private const int Cut = 20_000;
    private const string Secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

    [Theory]
    [InlineData(-41, Cut)]
    [InlineData(-40, Cut)]
    [InlineData(-39, Cut - 39)]
    [InlineData(-1, Cut - 1)]
    [InlineData(0, Cut)]
    [InlineData(100, Cut)]
    public void A_cut_goes_before_the_secret_that_lies_across_it(int start, int end)
    {
        using SpanRecording recording = new();
        string text = (new string(' ', Cut + start) + Secret).PadRight(2 * Cut);

        WholeValues.EndOf(text, Cut).ShouldBe(end);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(39, 0)]
    [InlineData(40, 40)]
    [InlineData(41, 41)]
    public void So_it_does_at_the_beginning_and_at_the_end_of_a_text(int length, int end)
    {
        using SpanRecording recording = new();

        WholeValues.EndOf(Secret, length).ShouldBe(end);
    }

    [Fact]
    public void Without_masking_a_cut_stays_where_it_is()
    {
        using SpanRecording recording = new(options => options.Safety = null);

        WholeValues.EndOf(Secret, 10).ShouldBe(10);
    }
}
