namespace PandaProbe.Safety.Tests;

/// <summary>A classifier within bounds.</summary>
public sealed class ClassifierTests
{
    [Fact]
    public async Task It_gives_the_verdict_of_the_inner_one()
    {
        BoundedClassifier bounded = new(new Classifier((text, _) => Task.FromResult(new ContentVerdict(0.9, text))));
        (await bounded.ClassifyAsync("bad")).ShouldBe(new ContentVerdict(0.9, "bad"));
    }

    [Fact]
    public async Task More_than_run_and_wait_are_refused_at_once()
    {
        TaskCompletionSource<ContentVerdict> answer = new();
        int running = 0, most = 0;
        Classifier inner = new(async (_, _) =>
        {
            int now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            try
            {
                return await answer.Task;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });
        BoundedClassifier bounded = new(inner, new() { MaxConcurrency = 1, MaxWaiting = 2, MaxTime = TimeSpan.FromHours(1) });
        Task<ContentVerdict>[] open = [.. Enumerable.Range(0, 3).Select(_ => bounded.ClassifyAsync("x").AsTask())];
        (await bounded.ClassifyAsync("x")).ShouldBe(new ContentVerdict(null, "busy"));
        answer.SetResult(new(0.1));
        (await Task.WhenAll(open)).ShouldAllBe(verdict => verdict.Score == 0.1);
        most.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_takes_too_long_is_given_up_and_keeps_its_place()
    {
        TaskCompletionSource<ContentVerdict> never = new();
        TaskCompletionSource started = new();
        ManualTime time = new();
        Classifier inner = new((_, _) =>
        {
            started.TrySetResult();
            return never.Task;
        });
        BoundedClassifier bounded = new(inner, new() { MaxConcurrency = 1, MaxWaiting = 0, TimeProvider = time });
        Task<ContentVerdict> open = bounded.ClassifyAsync("x").AsTask();
        await started.Task;
        time.Fire();
        (await open).ShouldBe(new ContentVerdict(null, "time"));
        (await bounded.ClassifyAsync("y")).ShouldBe(new ContentVerdict(null, "busy"));
    }

    [Fact]
    public async Task One_that_throws_costs_the_verdict_and_its_message_goes_nowhere()
    {
        BoundedClassifier bounded = new(new Classifier((text, _) => throw new InvalidOperationException(text)));
        (await bounded.ClassifyAsync("secret")).ShouldBe(new ContentVerdict(null, nameof(InvalidOperationException)));
    }

    [Fact]
    public async Task Of_a_long_text_the_first_and_the_last_half_of_the_bound_are_judged()
    {
        BoundedClassifier bounded = new(new Classifier((text, _) => Task.FromResult(new ContentVerdict(0, text))), new() { MaxLength = 6 });
        (await bounded.ClassifyAsync("abc---def")).Label.ShouldBe("abcdef");
    }

    [Fact]
    public void Bounds_that_cannot_work_are_refused() =>
        Should.Throw<ArgumentException>(() => new BoundedClassifier(new Classifier((_, _) => null!), new() { MaxConcurrency = 0 }));

    private sealed class Classifier(Func<string, CancellationToken, Task<ContentVerdict>> judge) : IContentClassifier
    {
        public async ValueTask<ContentVerdict> ClassifyAsync(string text, CancellationToken cancellationToken = default) =>
            await judge(text, cancellationToken);
    }

    private sealed class ManualTime : TimeProvider
    {
        private readonly TaskCompletionSource<Action> _timer = new();

        public void Fire() => _timer.Task.Result();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timer.TrySetResult(() => callback(state));
            return new NoTimer();
        }
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
