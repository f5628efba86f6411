using BenchmarkDotNet.Attributes;
using PandaProbe.Context;
using PandaProbe.Hosting;
using PandaProbe.Runtime;

/// <summary>What a block pays to know about exceptions: the control is the same block without asking.</summary>
[MemoryDiagnoser]
public class ExceptionInFlightBenchmarks
{
    private readonly FormatException _exception = new();
    private IDisposable? _lease;

    [GlobalSetup]
    public void Observe() => _lease = new ProviderRegistration(new ProviderSettings());

    [GlobalCleanup]
    public void Stop() => _lease?.Dispose();

    [Benchmark(Baseline = true)]
    public long Block_alone()
    {
        long mark = 0L;
        try
        {
            mark++;
        }
        finally
        {
            mark++;
        }

        return mark;
    }

    [Benchmark]
    public long Block_left_normally()
    {
        long mark = ExceptionInFlight.Mark();
        try
        {
            mark++;
        }
        finally
        {
            mark += ExceptionInFlight.IsLeaving(mark, out _) ? 1 : 0;
        }

        return mark;
    }

    [Benchmark]
    public int Throw_through_a_block_alone()
    {
        try
        {
            try
            {
                throw _exception;
            }
            finally
            {
                GC.KeepAlive(this);
            }
        }
        catch (FormatException)
        {
            return 1;
        }
    }

    [Benchmark]
    public int Throw_through_a_block_that_asks()
    {
        try
        {
            long mark = ExceptionInFlight.Mark();
            try
            {
                throw _exception;
            }
            finally
            {
                GC.KeepAlive(ExceptionInFlight.IsLeaving(mark, out _) ? this : null);
            }
        }
        catch (FormatException)
        {
            return 1;
        }
    }
}

/// <summary>What watching exceptions adds to a throw anywhere in the application.</summary>
[MemoryDiagnoser]
public class ThrowBenchmarks
{
    private readonly FormatException _exception = new();
    private IDisposable? _lease;

    [Params(false, true)]
    public bool Observed { get; set; }

    [GlobalSetup]
    public void Observe() => _lease = Observed ? new ProviderRegistration(new ProviderSettings()) : null;

    [GlobalCleanup]
    public void Stop() => _lease?.Dispose();

    [Benchmark]
    public int ThrowAndCatch()
    {
        try
        {
            throw _exception;
        }
        catch (FormatException)
        {
            return 1;
        }
    }
}
