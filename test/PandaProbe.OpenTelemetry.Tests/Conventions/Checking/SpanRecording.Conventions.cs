using System.Diagnostics;
using System.Runtime.InteropServices;
using PandaProbe.Conventions;

namespace PandaProbe;

internal sealed partial class SpanRecording
{
    // Not while an exception is passing: it says more than the faults of a span would.
    static partial void Check(IReadOnlyList<Activity> spans)
    {
        if (Marshal.GetExceptionPointers() == 0)
            ConventionsChecker.Check(spans).ShouldBeEmpty();
    }
}
