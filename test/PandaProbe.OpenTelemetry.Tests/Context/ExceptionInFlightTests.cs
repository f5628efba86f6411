using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using PandaProbe.Context;
using PandaProbe.Hosting;
using PandaProbe.Runtime;

namespace PandaProbe.Tests.Context;

public sealed class ExceptionInFlightTests : IDisposable
{
    private readonly IDisposable _provider = new ProviderRegistration(new ProviderSettings(), new PandaProbePropagationOptions());

    public void Dispose() => _provider.Dispose();

    // Synchronous code

    [Fact]
    public void A_block_that_ends_normally_is_left_by_no_exception()
    {
        var outcome = new Outcome();

        using (new Scope(outcome))
        {
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void An_exception_that_leaves_the_block_is_reported()
    {
        var outcome = new Outcome();

        FormatException thrown = Should.Throw<FormatException>(() => Throw(outcome, new FormatException()));

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void An_exception_leaves_every_block_on_its_way()
    {
        (Outcome? outer, Outcome? inner) = (new Outcome(), new Outcome());

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            using var scope = new Scope(outer);
            Throw(inner, new FormatException());
        });

        inner.ShouldBeLeftBy(thrown);
        outer.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void An_exception_caught_inside_is_not_reported()
    {
        (Outcome? outer, Outcome? inner) = (new Outcome(), new Outcome());

        using (new Scope(outer))
        {
            Should.Throw<FormatException>(() => Throw(inner, new FormatException()));
        }

        outer.ShouldBeUnharmed();
    }

    [Fact]
    public void An_exception_caught_before_is_not_reported()
    {
        var outcome = new Outcome();
        Should.Throw<FormatException>(() => Throw(new Outcome(), new FormatException()));

        using (new Scope(outcome))
        {
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void The_second_exception_at_the_same_place_is_not_mistaken_for_the_first()
    {
        for (int i = 0; i < 100; i++)
        {
            var outcome = new Outcome();

            FormatException thrown = Should.Throw<FormatException>(() => Throw(outcome, new FormatException()));

            outcome.ShouldBeLeftBy(thrown);
        }
    }

    [Fact]
    public void The_same_exception_thrown_again_is_reported_again()
    {
        var exception = new FormatException();
        for (int i = 0; i < 10; i++)
        {
            var outcome = new Outcome();

            Should.Throw<FormatException>(() => Throw(outcome, exception));

            outcome.ShouldBeLeftBy(exception);
        }
    }

    [Fact]
    public void Returning_from_a_catch_block_is_leaving_without_exception()
    {
        var outcome = new Outcome();

        Returns().ShouldBe(1);

        outcome.ShouldBeUnharmed();

        int Returns()
        {
            using var scope = new Scope(outcome);
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
                return 1;
            }
        }
    }

    [Fact]
    public void A_scope_disposed_by_hand_inside_a_catch_block_is_taken_as_left_by_the_exception_being_handled()
    {
        var outcome = new Outcome();
        var thrown = new FormatException();
        var scope = new Scope(outcome);

        try
        {
            throw thrown;
        }
        catch (FormatException)
        {
            scope.Dispose();
        }

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void A_scope_disposed_by_hand_after_a_catch_block_is_unharmed()
    {
        var outcome = new Outcome();
        var scope = new Scope(outcome);

        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
        }

        scope.Dispose();
        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void An_exception_leaves_a_lock_and_the_block_around_it()
    {
        var outcome = new Outcome();
        object gate = new object();

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            using var scope = new Scope(outcome);
            lock (gate)
            {
                throw new FormatException();
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    // Scopes opened while an exception is in flight

    [Fact]
    public void A_block_inside_a_catch_is_not_left_by_the_exception_being_handled()
    {
        var outcome = new Outcome();

        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            using (new Scope(outcome))
            {
            }
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void A_block_inside_a_finally_is_not_left_by_the_exception_passing_through()
    {
        var outcome = new Outcome();

        Should.Throw<FormatException>(() =>
        {
            try
            {
                throw new FormatException();
            }
            finally
            {
                using (new Scope(outcome))
                {
                }
            }
        });

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void A_block_inside_an_exception_filter_is_not_left_by_the_exception_being_filtered()
    {
        var outcome = new Outcome();

        try
        {
            throw new FormatException();
        }
        catch (FormatException) when (Filter())
        {
        }

        outcome.ShouldBeUnharmed();

        bool Filter()
        {
            using var scope = new Scope(outcome);
            return true;
        }
    }

    [Fact]
    public void An_exception_that_an_exception_filter_throws_leaves_the_block_inside_it()
    {
        var outcome = new Outcome();
        var outer = new Outcome();
        var inFilter = new InvalidOperationException();

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            using var scope = new Scope(outer);
            try
            {
                throw new FormatException();
            }
            catch (FormatException) when (Throw(outcome, inFilter))
            {
            }
        });

        outcome.ShouldBeLeftBy(inFilter);
        outer.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void Another_exception_leaves_a_block_inside_a_catch()
    {
        var outcome = new Outcome();

        InvalidOperationException thrown = Should.Throw<InvalidOperationException>(() =>
        {
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
                Throw(outcome, new InvalidOperationException());
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void Rethrowing_leaves_the_block_that_was_opened_inside_the_catch()
    {
        var outcome = new Outcome();

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
                using var scope = new Scope(outcome);
                throw;
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void Rethrowing_leaves_the_block_around_the_catch()
    {
        var outcome = new Outcome();

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            using var scope = new Scope(outcome);
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
                throw;
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    // Several exceptions in flight

    [Fact]
    public void An_exception_is_reported_although_another_was_caught_while_it_passed()
    {
        var outcome = new Outcome();

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            using var scope = new Scope(outcome);
            try
            {
                throw new FormatException();
            }
            finally
            {
                ThrowAndCatchAtSeveralDepths();
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void The_exception_that_replaces_another_is_reported()
    {
        var outcome = new Outcome();

        InvalidOperationException thrown = Should.Throw<InvalidOperationException>(() =>
        {
            using var scope = new Scope(outcome);
            try
            {
                throw new FormatException();
            }
            finally
            {
                ThrowAndCatchAtSeveralDepths();
#pragma warning disable CA2219 // This is what the test is about.
                throw new InvalidOperationException();
#pragma warning restore CA2219
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void A_block_inside_a_catch_stays_unharmed_whatever_is_thrown_and_caught_in_it()
    {
        var outcome = new Outcome();

        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            using var scope = new Scope(outcome);
            for (int i = 0; i < 50; i++)
            {
                ThrowAndCatchAtSeveralDepths();
            }
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void A_hundred_exceptions_in_flight_are_kept_apart()
    {
        const int depth = 100;
        var leaving = new Outcome[depth];
        var opened = new Outcome[depth];
        var thrown = new Exception[depth];
        // Every exception in flight needs its own copy of the registers on the stack.
        OnThread(() => Should.Throw<FormatException>(() => Nest(0)), stackSize: 64 << 20);

        for (int i = 0; i < depth; i++)
        {
            leaving[i].ShouldBeLeftBy(thrown[i]);
            opened[i].ShouldBeUnharmed();
        }

        void Nest(int level)
        {
            leaving[level] = new Outcome();
            opened[level] = new Outcome();
            thrown[level] = new FormatException();
            using var scope = new Scope(leaving[level]);
            try
            {
                throw thrown[level];
            }
            finally
            {
                using var insideFinally = new Scope(opened[level]);
                try
                {
                    if (level + 1 < depth)
                    {
                        Nest(level + 1);
                    }
                }
                catch (FormatException)
                {
                }
            }
        }
    }

    // Where exceptions come from

    [Fact]
    public void Exceptions_of_the_processor_and_the_runtime_are_reported()
    {
        string? missing = null;
        int zero = 0;
        object text = "text";
        int[] empty = [];

        LeavesWith<NullReferenceException>(() => missing!.Length.ToString());
        LeavesWith<DivideByZeroException>(() => (1 / zero).ToString());
        LeavesWith<InvalidCastException>(() => ((Version)text).ToString());
        LeavesWith<IndexOutOfRangeException>(() => empty[zero].ToString());
        LeavesWith<OverflowException>(() => checked(int.MaxValue + (1 + zero)).ToString());
        LeavesWith<InsufficientExecutionStackException>(() => DigForEver(0).ToString());
    }

    [Fact]
    public void A_failing_static_constructor_is_reported_as_what_it_becomes() =>
        LeavesWith<TypeInitializationException>(() => FailsToInitialize.Value.ToString());

    [Fact]
    public void A_failing_reflected_call_is_reported_as_what_it_becomes()
    {
        MethodInfo method = typeof(ExceptionInFlightTests).GetMethod(nameof(ThrowFormat), BindingFlags.NonPublic | BindingFlags.Static)!;

        LeavesWith<TargetInvocationException>(() => method.Invoke(null, null));
        LeavesWith<FormatException>(() => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null));
    }

    [Fact]
    public void An_exception_that_passes_through_the_runtime_itself_is_reported()
    {
        var context = new AssemblyLoadContext("resolves by throwing", isCollectible: true);
        context.Resolving += (_, _) => throw new FormatException();

        LeavesWith<FileLoadException>(() => context.LoadFromAssemblyName(new AssemblyName("No.Such.Assembly")));
    }

    [Fact]
    public void A_failure_that_Wait_wraps_is_reported_as_an_aggregate() =>
        LeavesWith<AggregateException>(() => Task.Run(ThrowFormat).Wait());

    [Fact]
    public void A_failing_parallel_loop_leaves_its_blocks_and_the_block_around_it()
    {
        Outcome[] bodies = Enumerable.Range(0, 50).Select(_ => new Outcome()).ToArray();

        LeavesWith<AggregateException>(() => Parallel.For(0, bodies.Length, i => Body(i)));

        foreach (Outcome? body in bodies.Where(b => b.Leaving is not null))
        {
            (body.Exception is FormatException).ShouldBe(Array.IndexOf(bodies, body) % 2 == 1);
        }

        void Body(int i)
        {
            using var scope = new Scope(bodies[i]);
            if (i % 2 == 1)
            {
                throw new FormatException();
            }
        }
    }

    [Fact]
    public void A_captured_exception_is_reported_where_it_is_thrown_again()
    {
        FormatException captured = Should.Throw<FormatException>(() => Throw(new Outcome(), new FormatException()));

        LeavesWith<FormatException>(ExceptionDispatchInfo.Capture(captured).Throw).ShouldBeSameAs(captured);
    }

    [Fact]
    public void The_stack_trace_of_the_exception_is_untouched()
    {
        string bare = Should.Throw<FormatException>(ThrowFormat).StackTrace!.Split('\n')[0];
        string[] watched = LeavesWith<FormatException>(ThrowFormat).StackTrace!.Split('\n');

        watched[0].ShouldBe(bare);
        watched.ShouldAllBe(line => !line.Contains(nameof(ExceptionInFlight) + "."));
    }

    // Iterators

    [Fact]
    public void An_exception_of_an_iterator_leaves_the_block_inside_it()
    {
        var outcome = new Outcome();

        FormatException thrown = Should.Throw<FormatException>(() => Numbers(outcome, failing: true).Count());

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public void Breaking_out_of_a_loop_leaves_the_block_in_its_iterator_unharmed()
    {
        var outcome = new Outcome();

        foreach (int _ in Numbers(outcome))
        {
            break;
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public void An_exception_of_the_consumer_is_taken_as_leaving_the_block_in_its_iterator()
    {
        var outcome = new Outcome();

        FormatException thrown = Should.Throw<FormatException>(() =>
        {
            foreach (int _ in Numbers(outcome))
            {
                throw new FormatException();
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public async Task An_exception_of_an_asynchronous_iterator_leaves_the_block_inside_it()
    {
        var outcome = new Outcome();

        FormatException thrown = await Should.ThrowAsync<FormatException>(async () =>
        {
            await foreach (int _ in NumbersAsync(outcome, failing: true))
            {
            }
        });

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public async Task Breaking_out_of_an_asynchronous_loop_leaves_the_block_in_its_iterator_unharmed()
    {
        var outcome = new Outcome();

        await foreach (int _ in NumbersAsync(outcome))
        {
            break;
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public async Task An_exception_of_the_consumer_does_not_leave_the_block_in_its_asynchronous_iterator()
    {
        var outcome = new Outcome();

        await Should.ThrowAsync<FormatException>(async () =>
        {
            await foreach (int _ in NumbersAsync(outcome))
            {
                throw new FormatException();
            }
        });

        outcome.ShouldBeUnharmed();
    }

    // Asynchronous code

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_leaves_the_block_of_an_async_method(bool afterAwait)
    {
        var outcome = new Outcome();

        FormatException thrown = await Should.ThrowAsync<FormatException>(() => FailAsync(outcome, afterAwait));

        outcome.ShouldBeLeftBy(thrown);
    }

    [Fact]
    public async Task An_exception_leaves_every_block_on_its_way_through_async_methods()
    {
        (Outcome? outer, Outcome? middle, Outcome? inner) = (new Outcome(), new Outcome(), new Outcome());

        FormatException thrown = await Should.ThrowAsync<FormatException>(async () =>
        {
            using var scope = new Scope(outer);
            await Middle();
        });

        inner.ShouldBeLeftBy(thrown);
        middle.ShouldBeLeftBy(thrown);
        outer.ShouldBeLeftBy(thrown);

        async ValueTask Middle()
        {
            using var scope = new Scope(middle);
            await FailAsync(inner, afterAwait: true).ConfigureAwait(false);
        }
    }

    // The awaited method completes its task in its own catch, and the continuation runs there.
    [Fact]
    public async Task A_failure_awaited_and_caught_inside_is_not_reported()
    {
        for (int i = 0; i < 200; i++)
        {
            var outcome = new Outcome();

            await CatchInside(outcome);

            outcome.ShouldBeUnharmed();
        }

        static async Task CatchInside(Outcome outcome)
        {
            using var scope = new Scope(outcome);
            try
            {
                await FailAsync(new Outcome(), afterAwait: true).ConfigureAwait(false);
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public async Task A_failure_that_is_awaited_without_being_thrown_is_not_reported()
    {
        for (int i = 0; i < 200; i++)
        {
            (Outcome? any, Outcome? suppressed) = (new Outcome(), new Outcome());

            await WhenAny(any);
            await Suppressed(suppressed);

            any.ShouldBeUnharmed();
            suppressed.ShouldBeUnharmed();
        }

        static async Task WhenAny(Outcome outcome)
        {
            using var scope = new Scope(outcome);
            await Task.WhenAny(FailAsync(new Outcome(), afterAwait: true)).ConfigureAwait(false);
        }

        static async Task Suppressed(Outcome outcome)
        {
            using var scope = new Scope(outcome);
            await ((Task)FailAsync(new Outcome(), afterAwait: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_resumed_inside_the_catch_or_finally_of_another_is_not_left_by_the_others_exception(bool inFinally)
    {
        var outcome = new Outcome();
        var signal = new TaskCompletionSource();
        Task? flow = null;
        OnThread(() =>
        {
            flow = Wait();
            try
            {
                Resume();
            }
            catch (FormatException)
            {
                if (!inFinally)
                {
                    signal.SetResult();
                }
            }
        });

        flow!.IsCompletedSuccessfully.ShouldBeTrue("the test is about a continuation that runs at once");
        outcome.ShouldBeUnharmed();

        async Task Wait()
        {
            using var scope = new Scope(outcome);
            await signal.Task.ConfigureAwait(false);
        }

        void Resume()
        {
            try
            {
                throw new FormatException();
            }
            finally
            {
                if (inFinally)
                {
                    signal.SetResult();
                }
            }
        }
    }

    [Fact]
    public void An_exception_of_a_flow_resumed_inside_the_catch_of_another_is_reported()
    {
        (Outcome? outcome, Outcome? other) = (new Outcome(), new Outcome());
        var signal = new TaskCompletionSource();
        var thrown = new InvalidOperationException();
        Task? flow = null;
        OnThread(() =>
        {
            flow = Wait();
            try
            {
                Throw(other, new FormatException());
            }
            catch (FormatException)
            {
                signal.SetResult();
            }
        });

        flow!.IsFaulted.ShouldBeTrue("the test is about a continuation that runs at once");
        outcome.ShouldBeLeftBy(thrown);

        async Task Wait()
        {
            using var scope = new Scope(outcome);
            await signal.Task.ConfigureAwait(false);
            ThrowAndCatchAtSeveralDepths();
            throw thrown;
        }
    }

    [Fact]
    public async Task A_scope_that_an_async_helper_opened_reports_the_exception_of_its_caller()
    {
        var outcome = new Outcome();

        FormatException thrown = await Should.ThrowAsync<FormatException>(async () =>
        {
            using Scope scope = await OpenAsync();
            await Task.Yield();
            throw new FormatException();
        });

        outcome.ShouldBeLeftBy(thrown);

        async Task<Scope> OpenAsync()
        {
            await Task.Yield();
            return new Scope(outcome);
        }
    }

    [Fact]
    public async Task An_exception_is_reported_after_the_method_moved_to_other_threads()
    {
        var outcome = new Outcome();

        FormatException thrown = await Should.ThrowAsync<FormatException>(async () =>
        {
            using var scope = new Scope(outcome);
            for (int i = 0; i < 20; i++)
            {
                await OnNewThread();
                ThrowAndCatchAtSeveralDepths();
            }

            throw new FormatException();
        });

        outcome.ShouldBeLeftBy(thrown);

        static Task OnNewThread()
        {
            var moved = new TaskCompletionSource();
            new Thread(moved.SetResult).Start();
            return moved.Task;
        }
    }

    [Fact]
    public async Task A_block_opened_inside_the_catch_of_an_async_method_is_unharmed()
    {
        var outcome = new Outcome();

        try
        {
            await FailAsync(new Outcome(), afterAwait: true);
        }
        catch (FormatException)
        {
            using var scope = new Scope(outcome);
            await Task.Yield();
        }

        outcome.ShouldBeUnharmed();
    }

    [Fact]
    public async Task Awaiting_in_a_finally_does_not_lose_the_exception()
    {
        (Outcome? around, Outcome? opened) = (new Outcome(), new Outcome());

        FormatException thrown = await Should.ThrowAsync<FormatException>(async () =>
        {
            using var scope = new Scope(around);
            try
            {
                throw new FormatException();
            }
            finally
            {
                using var insideFinally = new Scope(opened);
                await Task.Yield();
                ThrowAndCatchAtSeveralDepths();
            }
        });

        around.ShouldBeLeftBy(thrown);
        opened.ShouldBeUnharmed();
    }

    [Fact]
    public async Task Cancellation_leaves_the_block_with_its_exception()
    {
        var outcome = new Outcome();
        using var cancellation = new CancellationTokenSource();

        var waiting = Task.Run(async () =>
        {
            using var scope = new Scope(outcome);
            cancellation.CancelAfter(TimeSpan.Zero);
            await Task.Delay(Timeout.Infinite, cancellation.Token);
        });
        OperationCanceledException thrown = await Should.ThrowAsync<OperationCanceledException>(() => waiting);

        outcome.Leaving.ShouldBe(true);
        outcome.Exception.ShouldBeOfType(thrown.GetType());
    }

    [Fact]
    public void An_exception_leaves_the_block_of_an_async_void_method()
    {
        var outcome = new Outcome();
        var thrown = new FormatException();
        var context = new CollectingContext();
        OnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            Fire();
        });

        context.Posted.ShouldHaveSingleItem();
        outcome.ShouldBeLeftBy(thrown);

        async void Fire()
        {
            using var scope = new Scope(outcome);
            await Task.CompletedTask;
            throw thrown;
        }
    }

    [Fact]
    public async Task A_failing_task_leaves_the_block_of_who_awaits_it_and_of_nobody_else()
    {
        (Outcome? awaiting, Outcome? ignoring, Outcome? inside) = (new Outcome(), new Outcome(), new Outcome());
        Task<int> failing;

        using (new Scope(ignoring))
        {
            failing = Task.Run(() => Throw(inside, new FormatException()) ? 1 : 0);
            await Task.WhenAny(failing);
        }

        FormatException thrown = await Should.ThrowAsync<FormatException>(async () =>
        {
            using var scope = new Scope(awaiting);
            await failing;
        });

        inside.ShouldBeLeftBy(thrown);
        awaiting.ShouldBeLeftBy(thrown);
        ignoring.ShouldBeUnharmed();
    }

    [Fact]
    public async Task Ten_thousand_concurrent_flows_each_see_their_own_exceptions()
    {
        int blocks = 0;
        int left = 0;

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(seed => Task.Run(() => Guarded(new Random(seed), depth: 0))));

        blocks.ShouldBeGreaterThan(20_000);
        left.ShouldBeInRange(blocks / 10, blocks * 9 / 10);

        async Task Guarded(Random random, int depth)
        {
            var outcome = new Outcome();
            Exception? escaped = null;
            try
            {
                await Block(random, depth, outcome).ConfigureAwait(false);
            }
            catch (FormatException e)
            {
                escaped = e;
                Interlocked.Increment(ref left);
            }

            Interlocked.Increment(ref blocks);
            outcome.Exception.ShouldBeSameAs(escaped);
            outcome.Leaving.ShouldBe(escaped is not null);
        }

        async Task Block(Random random, int depth, Outcome outcome)
        {
            using var scope = new Scope(outcome);
            for (int step = random.Next(1, 4); step > 0; step--)
            {
                switch (depth < 3 ? random.Next(7) : 0)
                {
                    case 0:
                        await Task.Yield();
                        break;
                    case 1:
                        await Guarded(random, depth + 1).ConfigureAwait(false);
                        break;
                    case 2:
                        await Task.WhenAny(Block(random, depth + 1, new Outcome())).ConfigureAwait(false);
                        break;
                    case 3:
                        await Task.Run(() => Block(random, depth + 1, new Outcome())).ConfigureAwait(false);
                        break;
                    case 4:
                        ThrowAndCatchAtSeveralDepths();
                        break;
                    case 5:
                        try
                        {
                            await FailAsync(new Outcome(), afterAwait: true).ConfigureAwait(false);
                        }
                        catch (FormatException)
                        {
                            await Guarded(random, depth + 1).ConfigureAwait(false);
                        }

                        break;
                    default:
                        try
                        {
                            throw new FormatException();
                        }
                        catch (FormatException)
                        {
                            var nested = new Outcome();
                            using (new Scope(nested))
                            {
                                ThrowAndCatchAtSeveralDepths();
                                _ = Guarded(new Random(step), depth: 3);
                            }

                            nested.ShouldBeUnharmed();
                        }

                        break;
                }
            }

            if (random.Next(2) == 0)
            {
                throw new FormatException();
            }
        }
    }

    // Manners

    [Fact]
    public void Exceptions_are_not_kept_alive()
    {
        WeakReference? caught = null;
        using var thrown = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            caught = ThrowAndForget();
            thrown.Set();
            done.Wait();
        });
        thread.Start();
        thrown.Wait();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        caught!.IsAlive.ShouldBeFalse();
        done.Set();
        thread.Join();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference ThrowAndForget() => new(Should.Throw<FormatException>(() => Throw(new Outcome(), new FormatException())));
    }

    [Fact]
    public void What_a_flow_remembers_of_its_exceptions_does_not_grow()
    {
        var exception = new FormatException();
        ThrowOften(1_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ThrowOften(10_000);
        long perException = (GC.GetAllocatedBytesForCurrentThread() - before) / 10_000;

        perException.ShouldBeLessThan(1_000);

        void ThrowOften(int times)
        {
            for (int i = 0; i < times; i++)
            {
                try
                {
                    throw exception;
                }
                catch (FormatException)
                {
                }
            }
        }
    }

    [Fact]
    public void What_happened_before_anybody_observed_is_known_without_its_exception()
    {
        var own = new OwnCopy();
        long markInCatch = 0;
        bool? leavingCatch = null;

        own.Leave().ShouldBe((true, null));
        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            using IDisposable provider = own.Join();
            markInCatch = own.Mark();
            leavingCatch = own.IsLeaving(markInCatch, out _);
            own.Leave().Exception.ShouldBeOfType<FormatException>();
        }

        markInCatch.ShouldNotBe(0);
        leavingCatch.ShouldBe(false);
    }

    [Fact]
    public void Observing_ends_with_the_last_provider_and_disposing_one_twice_ends_no_other()
    {
        var own = new OwnCopy();
        IDisposable first = own.Join();
        IDisposable second = own.Join();

        first.Dispose();
        first.Dispose();
        own.Leave().Exception.ShouldBeOfType<FormatException>();

        second.Dispose();
        own.Leave().ShouldBe((true, null));

        using IDisposable third = own.Join();
        own.Leave().Exception.ShouldBeOfType<FormatException>();
    }

    [Fact]
    public void A_runtime_that_does_not_know_is_recognised()
    {
        ExceptionInFlight.IsSupportedBy(() => throw new PlatformNotSupportedException()).ShouldBeFalse();
        ExceptionInFlight.IsSupportedBy(() => 0).ShouldBeTrue();
    }

    private static T LeavesWith<T>(Action action)
        where T : Exception
    {
        var outcome = new Outcome();
        T thrown = Should.Throw<T>(() =>
        {
            using var scope = new Scope(outcome);
            action();
        });
        outcome.ShouldBeLeftBy(thrown);
        return thrown;
    }

    private static bool Throw(Outcome outcome, Exception exception)
    {
        using var scope = new Scope(outcome);
        throw exception;
    }

    private static void ThrowFormat() => throw new FormatException();

    private static async Task<int> FailAsync(Outcome outcome, bool afterAwait)
    {
        using var scope = new Scope(outcome);
        if (afterAwait)
        {
            await Task.Yield();
        }

        throw new FormatException();
    }

    private static void ThrowAndCatchAtSeveralDepths()
    {
        for (int depth = 0; depth < 5; depth++)
        {
            Dig(depth);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Dig(int depth)
        {
            var outcome = new Outcome();
            try
            {
                if (depth > 0)
                {
                    Dig(depth - 1);
                }

                Throw(outcome, new InvalidOperationException());
            }
            catch (InvalidOperationException e)
            {
                outcome.ShouldBeLeftBy(e);
            }
        }
    }

    private static int DigForEver(int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return DigForEver(depth + 1) + 1;
    }

    private static IEnumerable<int> Numbers(Outcome outcome, bool failing = false)
    {
        using var scope = new Scope(outcome);
        yield return 1;
        if (failing)
        {
            throw new FormatException();
        }

        yield return 2;
    }

    private static async IAsyncEnumerable<int> NumbersAsync(Outcome outcome, bool failing = false)
    {
        using var scope = new Scope(outcome);
        yield return 1;
        await Task.Yield();
        if (failing)
        {
            throw new FormatException();
        }

        yield return 2;
    }

    // Without xunit's synchronization context, which would keep a continuation from running inside SetResult.
    private static void OnThread(Action action, int stackSize = 0)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            stackSize);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private readonly struct Scope(Outcome outcome) : IDisposable
    {
        private readonly long _mark = ExceptionInFlight.Mark();

        public void Dispose()
        {
            outcome.Leaving = ExceptionInFlight.IsLeaving(_mark, out Exception? exception);
            outcome.Exception = exception;
        }
    }

    private sealed class Outcome
    {
        public bool? Leaving { get; set; }

        public Exception? Exception { get; set; }

        public void ShouldBeUnharmed()
        {
            Leaving.ShouldBe(false);
            Exception.ShouldBeNull();
        }

        public void ShouldBeLeftBy(Exception exception)
        {
            Leaving.ShouldBe(true);
            Exception.ShouldBeSameAs(exception);
        }
    }

    private static class FailsToInitialize
    {
        public static readonly int Value = int.Parse("no number", null);
    }

    private sealed class CollectingContext : SynchronizationContext
    {
        public List<object?> Posted { get; } = [];

        public override void Post(SendOrPostCallback d, object? state) => Posted.Add(state);
    }

    /// <summary>A copy of the class with state of its own, because the other tests observe all the time.</summary>
    private sealed class OwnCopy
    {
        public OwnCopy()
        {
            Assembly assembly = new AssemblyLoadContext(nameof(OwnCopy)).LoadFromAssemblyPath(typeof(ExceptionInFlight).Assembly.Location);
            Type copy = assembly.GetType(typeof(ExceptionInFlight).FullName!, throwOnError: true)!;
            object New(Type type, params object[] arguments) =>
                Activator.CreateInstance(assembly.GetType(type.FullName!, throwOnError: true)!, arguments)!;
            Join = () => (IDisposable)New(
                typeof(ProviderRegistration), New(typeof(ProviderSettings)), New(typeof(PandaProbePropagationOptions)));
            Mark = copy.GetMethod(
                nameof(ExceptionInFlight.Mark), BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<Func<long>>();
            IsLeaving = copy.GetMethod(
                nameof(ExceptionInFlight.IsLeaving), BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<LeavingFunc>();
        }

        public delegate bool LeavingFunc(long mark, out Exception? exception);

        public Func<IDisposable> Join { get; }

        public Func<long> Mark { get; }

        public LeavingFunc IsLeaving { get; }

        public (bool Leaving, Exception? Exception) Leave()
        {
            (bool, Exception?) result = default;
            try
            {
                long mark = Mark();
                try
                {
                    throw new FormatException();
                }
                finally
                {
                    result = (IsLeaving(mark, out Exception? exception), exception);
                }
            }
            catch (FormatException)
            {
            }

            return result;
        }
    }
}
