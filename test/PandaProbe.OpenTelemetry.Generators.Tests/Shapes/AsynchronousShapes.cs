namespace PandaProbe.Generators.Shapes;

public static class AsynchronousShapes
{
    internal static readonly Shape[] All =
    [
        new("Task", """
            public static class Shape
            {
                [ProbeSpan] public static async Task WaitAsync(int n) { await Task.Yield(); if (n < 0) throw new ArgumentException("negative"); }
                public static async Task Run(Action<string> say)
                {
                    await WaitAsync(1);
                    try { await WaitAsync(-1); } catch (ArgumentException e) { say(e.ToString()); }
                }
            }
            """, """
            OTHER WaitAsync in={"n":1}
            OTHER WaitAsync in={"n":-1} error=System.ArgumentException: negative
            """),

        new("Task of T, with children on both sides of an await", """
            public static class Shape
            {
                [ProbeSpan("child")] private static async Task<int> ChildAsync(int n) { await Task.Yield(); return n; }
                [ProbeSpan("parent")] public static async Task<int> ParentAsync() { int a = await ChildAsync(1); await Task.Yield(); return a + await ChildAsync(2); }
                public static async Task Run(Action<string> say) { say($"{await ParentAsync().ConfigureAwait(false)}"); await ChildAsync(3); }
            }
            """, """
            OTHER parent out=3
              OTHER child in={"n":1} out=1
              OTHER child in={"n":2} out=2
            OTHER child in={"n":3} out=3
            """),

        new("Task that is complete at once keeps its identity", """
            public static class Shape
            {
                private static readonly Task<string> Cached = Task.FromResult("cached");
                [ProbeSpan] public static Task<string> Get() => Cached;
                public static Task Run(Action<string> say) { say($"{ReferenceEquals(Get(), Cached)} {Get().IsCompletedSuccessfully}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Get out=cached
            OTHER Get out=cached
            """),

        new("ValueTask", """
            public static class Shape
            {
                [ProbeSpan] public static async ValueTask StepAsync(bool yield) { if (yield) await Task.Yield(); }
                public static async Task Run(Action<string> say) { ValueTask done = StepAsync(false); say($"{done.IsCompletedSuccessfully}"); await done; await StepAsync(true); say("end"); }
            }
            """, """
            OTHER StepAsync in={"yield":false}
            OTHER StepAsync in={"yield":true}
            """),

        new("ValueTask of T", """
            public static class Shape
            {
                [ProbeSpan] public static async ValueTask<int> GetAsync(bool yield) { if (yield) { await Task.Yield(); throw new FormatException("late"); } return 4; }
                public static async Task Run(Action<string> say)
                {
                    say($"{await GetAsync(false)}");
                    try { await GetAsync(true).ConfigureAwait(false); } catch (FormatException e) { say(e.ToString()); }
                }
            }
            """, """
            OTHER GetAsync in={"yield":false} out=4
            OTHER GetAsync in={"yield":true} error=System.FormatException: late
            """),

        new("exception thrown before there is a task", """
            public static class Shape
            {
                [ProbeSpan] public static Task<int> GetAsync(string? q) { ArgumentNullException.ThrowIfNull(q); return Later(); async Task<int> Later() { await Task.Yield(); return 1; } }
                public static async Task Run(Action<string> say)
                {
                    Task<int>? task = null;
                    try { task = GetAsync(null); } catch (ArgumentNullException e) { say(e.ToString()); }
                    say($"{task is null}");
                    say($"{await GetAsync("x")}");
                }
            }
            """, """
            OTHER GetAsync in={"q":null} error=System.ArgumentNullException: Value cannot be null. (Parameter 'q')
            OTHER GetAsync in={"q":"x"} out=1
            """),

        new("cancelled task, with its own exception", """
            public sealed class Stopped(CancellationToken token) : OperationCanceledException("stopped by hand", token);
            public static class Shape
            {
                [ProbeSpan] public static async Task<int> GetAsync(CancellationToken token) { await Task.Yield(); throw new Stopped(token); }
                public static async Task Run(Action<string> say)
                {
                    using CancellationTokenSource source = new(); source.Cancel();
                    Task<int> task = GetAsync(source.Token);
                    try { await task; } catch (OperationCanceledException e) { say($"{e} {e.CancellationToken == source.Token}"); }
                    say($"{task.Status}");
                }
            }
            """, """OTHER GetAsync error=ShapeN.Stopped: stopped by hand"""),

        new("task with several exceptions", """
            public static class Shape
            {
                // WhenAll lists exceptions as its tasks fail: these two have before it sees them, the third makes it wait.
                private static async Task Fail(string why) { await Task.CompletedTask; throw new InvalidOperationException(why); }
                [ProbeSpan] public static Task BothAsync() => Task.WhenAll(Fail("one"), Fail("two"), Task.Delay(5));
                public static async Task Run(Action<string> say)
                {
                    Task task = BothAsync();
                    try { await task; } catch (InvalidOperationException e) { say(e.Message); }
                    say(string.Join(",", task.Exception!.InnerExceptions.Select(e => e.Message)));
                }
            }
            """, """OTHER BothAsync error=System.InvalidOperationException: one"""),

        new("synchronization context, with and without ConfigureAwait", """
            public sealed class Counting : SynchronizationContext
            {
                private readonly System.Collections.Concurrent.BlockingCollection<Action> _turns = new();
                public int Posts;
                public override void Post(SendOrPostCallback d, object? state) { Interlocked.Increment(ref Posts); _turns.Add(() => d(state)); }
                // Done when the turn that asks for it is over: whoever awaits it in that turn awaits it before.
                public Task NextTurn() { TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously); _turns.Add(next.SetResult); return next.Task; }
                public void Run(Func<Task> work)
                {
                    SetSynchronizationContext(this);
                    try
                    {
                        Task done = work();
                        done.ContinueWith(_ => _turns.CompleteAdding(), TaskScheduler.Default);
                        foreach (Action turn in _turns.GetConsumingEnumerable()) turn();
                        done.GetAwaiter().GetResult();
                    }
                    finally { SetSynchronizationContext(null); }
                }
            }
            public static class Shape
            {
                private static Counting _context = new();
                [ProbeSpan] public static async Task<string> InsideAsync(bool keep) { await _context.NextTurn().ConfigureAwait(keep); return SynchronizationContext.Current is Counting ? "kept" : "left"; }
                public static async Task Run(Action<string> say)
                {
                    Counting context = _context = new();
                    await Task.Run(() => context.Run(async () =>
                    {
                        say(await InsideAsync(true));
                        say(SynchronizationContext.Current is Counting ? "kept" : "left");
                        say(await InsideAsync(false).ConfigureAwait(false));
                        say(SynchronizationContext.Current is Counting ? "kept" : "left");
                        say($"{context.Posts}");
                    }));
                }
            }
            """, """
            OTHER InsideAsync in={"keep":true} out=kept
            OTHER InsideAsync in={"keep":false} out=left
            """),

        new("ambient values that a method sets", """
            public static class Shape
            {
                private static readonly AsyncLocal<string?> Local = new();
                [ProbeSpan] public static Task SetAsync(string v) { Local.Value = v; return Later(); async Task Later() => await Task.Yield(); }
                [ProbeSpan] public static async Task SetInsideAsync(string v) { Local.Value = v; await Task.Yield(); }
                public static async Task Run(Action<string> say)
                {
                    Local.Value = "start";
                    await SetAsync("leaks"); say(Local.Value!);
                    await SetInsideAsync("stays inside"); say(Local.Value!);
                }
            }
            """, """
            OTHER SetAsync in={"v":"leaks"}
            OTHER SetInsideAsync in={"v":"stays inside"}
            """),

        new("two at the same time", """
            public static class Shape
            {
                [ProbeSpan("inner")] private static async Task<int> InnerAsync(int n) { await Task.Yield(); return n; }
                [ProbeSpan("outer")] public static async Task<int> OuterAsync(int n, Task gate) { await gate; return await InnerAsync(n); }
                public static async Task Run(Action<string> say)
                {
                    TaskCompletionSource first = new(), second = new();
                    Task<int> a = OuterAsync(1, first.Task), b = OuterAsync(2, second.Task);
                    second.SetResult(); say($"{await b}");
                    first.SetResult(); say($"{await a}");
                }
            }
            """, """
            OTHER outer in={"n":1} out=1
              OTHER inner in={"n":1} out=1
            OTHER outer in={"n":2} out=2
              OTHER inner in={"n":2} out=2
            """),

        new("waited for by a thread", """
            public static class Shape
            {
                [ProbeSpan] public static async Task<int> GetAsync() { await Task.Delay(1); return 6; }
                public static Task Run(Action<string> say) { say($"{GetAsync().GetAwaiter().GetResult()} {GetAsync().Result}"); return Task.CompletedTask; }
            }
            """, """
            OTHER GetAsync out=6
            OTHER GetAsync out=6
            """),

        new("task of somebody else's", """
            public sealed class Handle(TaskCompletionSource<string> source) { [ProbeSpan] public Task<string> ResultAsync() => source.Task; }
            public static class Shape
            {
                public static async Task Run(Action<string> say)
                {
                    TaskCompletionSource<string> source = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    Task<string> result = new Handle(source).ResultAsync();
                    say($"{result.IsCompleted}");
                    source.SetResult("done");
                    say(await result);
                }
            }
            """, """OTHER ResultAsync out=done"""),
    ];
}
