using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using PandaProbe.Context;
using PandaProbe.Hosting;
using PandaProbe.Runtime;

namespace PandaProbe.Tests.Context;

public sealed class FalseErrorTests : IDisposable
{
    private readonly IDisposable _provider = new ProviderRegistration(new ProviderSettings());

    public void Dispose() => _provider.Dispose();

    [Fact]
    public void A_scope_opened_while_two_exceptions_are_handled_is_not_left_by_the_outer_one()
    {
        bool leaving = true;
        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            long mark = 0;
            try
            {
                throw new InvalidOperationException();
            }
            catch (InvalidOperationException)
            {
                mark = ExceptionInFlight.Mark();
            }

            leaving = ExceptionInFlight.IsLeaving(mark, out _);
        }

        leaving.ShouldBeFalse();
    }

    [Fact]
    public void A_scope_opened_in_a_filter_is_not_left_by_the_exception_around_it()
    {
        bool leaving = true;
        try
        {
            throw new FormatException();
        }
        catch (FormatException)
        {
            long mark = 0;
            try
            {
                throw new InvalidOperationException();
            }
            catch (InvalidOperationException) when ((mark = ExceptionInFlight.Mark()) != long.MaxValue)
            {
            }

            leaving = ExceptionInFlight.IsLeaving(mark, out _);
        }

        leaving.ShouldBeFalse();
    }

    [Fact]
    public async Task A_scope_that_continues_inside_the_catch_of_an_exception_thrown_before_it_was_opened_is_unharmed_without_the_flow_too()
    {
        using ManualResetEventSlim thrown = new();
        TaskCompletionSource resume = new();
        using Barrier barrier = new(2);
        bool? leaving = null;

        // Nobody captures this thread's ExecutionContext while its flow is suppressed: the continuation runs in that of the catch.
        Thread handler = new(() =>
        {
            try
            {
                throw new FormatException();
            }
            catch (FormatException)
            {
                thrown.Set();
                barrier.SignalAndWait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
                resume.SetResult();
            }
        });
        Task? scope = null;
        Thread opener = new(() =>
        {
            thrown.Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
            using (ExecutionContext.SuppressFlow())
                scope = Open();
            barrier.SignalAndWait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        });

        handler.Start();
        opener.Start();
        handler.Join();
        opener.Join();
        await scope!;

        leaving.ShouldBe(false);

        async Task Open()
        {
            long mark = ExceptionInFlight.Mark();
            await resume.Task.ConfigureAwait(false);
            leaving = ExceptionInFlight.IsLeaving(mark, out _);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task No_scope_is_failed_by_an_exception_that_was_thrown_before_it_was_opened(int seed)
    {
        using RandomProgram program = new();

        await Task.WhenAll(Enumerable.Range(seed * 1_000, 250).Select(each => Task.Run(() => program.Run(new(each)))));

        program.FalseErrors.ShouldBe(0);
        program.Scopes.ShouldBeGreaterThan(2_000);
        program.Errors.ShouldBeGreaterThan(500);
    }

    /// <summary>
    /// Blocks nested at random. Each throw and rethrow gets a number of the program's own, and so does each opening of a scope.
    /// </summary>
    private sealed class RandomProgram : IDisposable
    {
        private const int MaxDepth = 5;

        private long _clock;
        private int _scopes;
        private int _errors;
        private int _falseErrors;

        public RandomProgram() => AppDomain.CurrentDomain.FirstChanceException += OnThrow;

        public int Scopes => _scopes;

        public int Errors => _errors;

        public int FalseErrors => _falseErrors;

        public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnThrow;

        public async Task Run(Random random)
        {
            try
            {
                await BlockAsync(random, 0, []).ConfigureAwait(false);
            }
            catch (NumberedException)
            {
            }
        }

        private async Task BlockAsync(Random random, int depth, List<Scope> loose)
        {
            using Scope scope = new(this);
            for (int step = random.Next(1, 5); step > 0; step--)
            {
                switch (depth < MaxDepth ? random.Next(8) : 0)
                {
                    case 0:
                        await Task.Yield();
                        break;
                    case 1:
                        Block(random, depth + 1, loose);
                        break;
                    case 2:
                        try
                        {
                            await BlockAsync(random, depth + 1, loose).ConfigureAwait(false);
                        }
                        catch (NumberedException)
                        {
                            await BlockAsync(random, depth + 1, loose).ConfigureAwait(false);
                        }

                        break;
                    case 3:
                        try
                        {
                            await BlockAsync(random, depth + 1, loose).ConfigureAwait(false);
                        }
                        finally
                        {
                            await BlockAsync(random, depth + 1, loose).ConfigureAwait(false);
                        }

                        break;
                    case 4:
                        Task apart;
                        using (ExecutionContext.SuppressFlow())
                            apart = BlockAsync(random, depth + 1, []);
                        await apart.ConfigureAwait(false);
                        break;
                    case 5:
                        loose.Add(new(this));
                        break;
                    case 6:
                        CloseOne(random, loose);
                        break;
                    default:
                        await Task.Run(() => BlockAsync(random, depth + 1, loose)).ConfigureAwait(false);
                        break;
                }
            }

            if (random.Next(3) == 0)
                throw new NumberedException(this);
        }

        private void Block(Random random, int depth, List<Scope> loose)
        {
            using Scope scope = new(this);
            for (int step = random.Next(1, 5); step > 0; step--)
            {
                switch (depth < MaxDepth ? random.Next(6) : 5)
                {
                    case 0:
                        try
                        {
                            Block(random, depth + 1, loose);
                        }
                        catch (NumberedException)
                        {
                            Block(random, depth + 1, loose);
                        }

                        break;
                    case 1:
                        try
                        {
                            Block(random, depth + 1, loose);
                        }
                        finally
                        {
                            Block(random, depth + 1, loose);
                        }

                        break;
                    case 2:
                        try
                        {
                            Block(random, depth + 1, loose);
                        }
                        catch (NumberedException) when (Filter(random, depth + 1, loose))
                        {
                            loose.Add(new(this));
                        }

                        break;
                    case 3:
                        try
                        {
                            Block(random, depth + 1, loose);
                        }
                        catch (NumberedException)
                        {
                            Block(random, depth + 1, loose);
                            throw;
                        }

                        break;
                    case 4:
                        loose.Add(new(this));
                        break;
                    default:
                        CloseOne(random, loose);
                        break;
                }
            }

            if (random.Next(3) == 0)
                throw new NumberedException(this);
        }

        private bool Filter(Random random, int depth, List<Scope> loose)
        {
            Block(random, depth, loose);
            return random.Next(2) == 0;
        }

        private static void CloseOne(Random random, List<Scope> loose)
        {
            if (loose.Count == 0)
                return;

            int index = random.Next(loose.Count);
            loose[index].Dispose();
            loose.RemoveAt(index);
        }

        private void OnThrow(object? sender, FirstChanceExceptionEventArgs e)
        {
            if (e.Exception is NumberedException exception && ReferenceEquals(exception.Program, this))
                exception.Number = Next();
        }

        private long Next() => Interlocked.Increment(ref _clock);

        private sealed class Scope(RandomProgram program) : IDisposable
        {
            private readonly long _opened = program.Next();
            private readonly long _mark = ExceptionInFlight.Mark();

            public void Dispose()
            {
                Interlocked.Increment(ref program._scopes);
                if (!ExceptionInFlight.IsLeaving(_mark, out Exception? exception))
                    return;

                Interlocked.Increment(ref program._errors);
                if (exception is not NumberedException numbered || numbered.Number < _opened)
                    Interlocked.Increment(ref program._falseErrors);
            }
        }
    }

    [SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Only these tests throw it.")]
    [SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Only these tests throw it.")]
    private sealed class NumberedException(RandomProgram program) : Exception
    {
        public RandomProgram Program { get; } = program;

        public long Number { get; set; }
    }
}
