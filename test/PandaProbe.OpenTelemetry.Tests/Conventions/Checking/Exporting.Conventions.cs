using System.Collections.Concurrent;
using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Tests.Export;

internal sealed partial class Exporting
{
    // At once, as a test may ask whether a span that was exported is still referenced.
    static partial void Check(Activity span, ConcurrentQueue<string> faults)
    {
        foreach (string fault in ConventionsChecker.Check([span]))
            faults.Enqueue(fault);
    }
}
