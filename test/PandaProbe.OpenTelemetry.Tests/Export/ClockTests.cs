using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Transport;

namespace PandaProbe.Tests.Export;

public class ClockTests
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);

    [Fact]
    public void A_clock_that_is_set_back_does_not_stretch_the_minute_of_the_rate_limit()
    {
        SetBack time = new();
        SlidingWindow window = new(2, time);
        for (int i = 0; i < 2; i++)
        {
            window.TryTake().ShouldBe(TimeSpan.Zero);
            window.Answered(refused: false, retryAfter: null, backoff: default);
        }

        time.Back = AnHour;
        window.TryTake().ShouldBeLessThan(TimeSpan.FromSeconds(61));
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_stretch_the_pause_that_a_refusal_asked_for()
    {
        SetBack time = new();
        SlidingWindow window = new(100, time);
        window.TryTake().ShouldBe(TimeSpan.Zero);
        window.Answered(refused: true, TimeSpan.FromSeconds(5), backoff: default);

        time.Back = AnHour;
        window.TryTake().ShouldBeLessThan(TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_stretch_the_pause_after_a_failure()
    {
        SetBack time = new();
        using SendGate gate = new(new() { TracesPerMinute = null }, time, static () => 0);
        gate.Leave(isTrace: true, probing: false, new(AnswerKind.Unavailable));

        time.Back = AnHour;
        (await gate.EnterAsync(isTrace: true, default).AsTask().WaitAsync(TimeSpan.FromMinutes(1)))
            .ShouldBeTrue("it is the one that tries");
    }

    private sealed class SetBack : TimeProvider
    {
        public TimeSpan Back { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Back;
    }
}
