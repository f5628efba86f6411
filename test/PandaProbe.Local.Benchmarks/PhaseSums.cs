namespace PandaProbe.Local.Benchmarks;

/// <summary>
/// Adds up what phases of work need, by their names. Processor time of this process: other programs on the machine do not count.
/// </summary>
internal sealed class PhaseSums
{
    private readonly Dictionary<string, (TimeSpan Time, long Bytes)> _phases = [];

    private static TimeSpan Time => Environment.CpuUsage.TotalTime;

    private static long Bytes => GC.GetTotalAllocatedBytes();

    /// <summary>Begins a phase, which ends when the result is disposed.</summary>
    public IDisposable Begin(string name) => new Phase(this, name, Time, Bytes);

    /// <summary>Returns the processor time of the named phases.</summary>
    public TimeSpan TimeOf(params ReadOnlySpan<string> names)
    {
        TimeSpan sum = default;
        foreach (string name in names)
            sum += _phases[name].Time;
        return sum;
    }

    /// <summary>Returns each phase with its time and its allocated bytes, divided by the number of units.</summary>
    public string Describe(double units) => string.Join(
        ", ", _phases.Select(phase => $"{phase.Key} {phase.Value.Time.TotalMicroseconds / units:N1} µs ({phase.Value.Bytes / units:N0} B)"));

    private sealed class Phase(PhaseSums sums, string name, TimeSpan time, long bytes) : IDisposable
    {
        public void Dispose()
        {
            (TimeSpan Time, long Bytes) known = sums._phases.GetValueOrDefault(name);
            sums._phases[name] = (known.Time + Time - time, known.Bytes + Bytes - bytes);
        }
    }
}
