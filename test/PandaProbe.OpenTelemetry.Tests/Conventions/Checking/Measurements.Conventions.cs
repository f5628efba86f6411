using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PandaProbe.Conventions;

namespace PandaProbe.Metrics;

internal sealed partial class Measurements
{
    static partial void Check(ConcurrentQueue<string> faults, Instrument instrument, object value, KeyValuePair<string, object?>[] tags)
    {
        foreach (string fault in ConventionsChecker.Check(instrument, value, tags))
            faults.Enqueue(fault);
    }
}
