using PandaProbe.Export.Outcomes;

namespace PandaProbe.Tests.Export;

public class OutcomeTests
{
    private const string Why = "why";

    // What becomes of a request after the first answer, by the kind of the answer: two spans in memory, one span, a span that cannot be
    // made smaller, two spans that can wait on disk, a score.
    public static TheoryData<string, string, string, string, string, string> FirstAnswers => new()
    {
        { "Accepted", "Accept", "Accept", "Accept", "Accept", "Accept" },
        { "Unavailable", "Later", "Later", "Later", "Spool", "Later" },
        { "Failed", "Later", "Later", "Later", "Later", "Later" },
        { "Limited", "Again", "Again", "Again", "Again", "Again" },
        { "UsedUp", "Drop", "Drop", "Drop", "Spool", "Drop" },
        { "Missing", "Later", "Later", "Later", "Later", "Later" },
        { "TooLarge", "Split", "Shrink", "Drop", "Split", "Drop" },
        { "Rejected", "Drop", "Drop", "Drop", "Drop", "Drop" },
        { "Misconfigured", "Drop", "Drop", "Drop", "Spool", "Drop" },
    };

    [Theory]
    [MemberData(nameof(FirstAnswers))]
    public void A_first_answer(string answer, string twoSpans, string oneSpan, string smallest, string onDisk, string score)
    {
        Of(answer, new(Spans: 2, CanShrink: true)).ShouldBe(twoSpans);
        Of(answer, new(Spans: 1, CanShrink: true)).ShouldBe(oneSpan);
        Of(answer, new(Spans: 1)).ShouldBe(smallest);
        Of(answer, new(Spans: 2, CanShrink: true, HasSpool: true)).ShouldBe(onDisk);
        Of(answer, new(IsScore: true, CanShrink: true)).ShouldBe(score);
    }

    [Fact]
    public void Every_kind_of_answer_has_a_row() =>
        ((IEnumerable<object[]>)FirstAnswers).Select(row => (string)row[0]).ShouldBe(Enum.GetNames<AnswerKind>(), ignoreOrder: true);

    [Theory]
    [InlineData(5, "Later")]
    [InlineData(6, "Drop")]
    public void A_request_that_the_backend_fails_on_is_given_up_when_it_takes_others(int serverErrors, string fate) =>
        Of("Failed", new(Spans: 1, HasSpool: true, ServerErrors: serverErrors)).ShouldBe(fate);

    [Theory]
    [InlineData(false, 29.9, "Later")]
    [InlineData(false, 30, "AddHead")]
    [InlineData(true, 30, "Later")]
    [InlineData(true, 599, "Later")]
    [InlineData(true, 600, "Drop")]
    public void Spans_bring_a_trace_that_does_not_come_and_scores_are_given_up(bool isScore, double seconds, string fate) =>
        Of("Missing", new(isScore, Spans: 1, HasSpool: true, MissingFor: TimeSpan.FromSeconds(seconds))).ShouldBe(fate);

    [Fact]
    public void What_is_dropped_has_the_answers_reason()
    {
        Outcome.Of(new(AnswerKind.Rejected, Reason: Why), new(Spans: 1), 0).Reason.ShouldBe(Why);
        Outcome.Of(new(AnswerKind.TooLarge, Reason: Why), new(Spans: 2), 0).Reason.ShouldBe(Why, "where it cannot be split");
        Outcome.Of(new(AnswerKind.Rejected), new(Spans: 1), 0).Reason.ShouldBe(DropReasons.Refused);
        Outcome.Of(new(AnswerKind.Accepted, Reason: Why), new(Spans: 1), 0).Reason.ShouldBeNull();
    }

    [Fact]
    public void Delays_grow_to_half_a_minute_and_differ_by_half()
    {
        double[] least = [.. Enumerable.Range(1, 8).Select(attempt => Delay("Unavailable", attempt, 0))];
        least.ShouldBe([0.5, 1, 2, 4, 8, 15, 15, 15]);
        Enumerable.Range(1, 8).Select(attempt => Delay("Unavailable", attempt, 1)).ShouldBe(least.Select(delay => 2 * delay));
        Delay("Missing", 3, 1).ShouldBe(1, "a worker stores a trace within a second");
        Outcome.Of(new(AnswerKind.Unavailable), new(Spans: 1, HasSpool: true), 0)
            .Delay.ShouldBe(TimeSpan.FromSeconds(0.5), "for a disk that refuses");
    }

    [Fact]
    public void Only_failures_between_which_others_were_accepted_count_against_a_request()
    {
        RequestHistory history = new();
        for (int i = 0; i < 10; i++)
            history.Add(AnswerKind.Failed, accepted: 7, TimeProvider.System);
        history.ServerErrors.ShouldBe(1);
        history.Attempts.ShouldBe(10);
        history.Add(AnswerKind.Failed, accepted: 8, TimeProvider.System);
        history.ServerErrors.ShouldBe(2);
    }

    [Fact]
    public void A_trace_is_missing_since_the_first_answer_that_said_so()
    {
        FakeTime time = new();
        RequestHistory history = new();
        history.Add(AnswerKind.Unavailable, 0, time);
        time.Advance(TimeSpan.FromSeconds(5));
        history.Add(AnswerKind.Missing, 0, time);
        history.MissingFor.ShouldBe(TimeSpan.Zero);
        time.Advance(TimeSpan.FromSeconds(7));
        history.Add(AnswerKind.Missing, 0, time);
        history.MissingFor.ShouldBe(TimeSpan.FromSeconds(7));
    }

    private static string Of(string kind, RequestFacts request) =>
        Outcome.Of(new(Enum.Parse<AnswerKind>(kind)), request, 0.5).Fate.ToString();

    private static double Delay(string kind, int attempt, double random) =>
        Outcome.Of(new(Enum.Parse<AnswerKind>(kind)), new(Spans: 1, Attempts: attempt), random).Delay.TotalSeconds;
}
