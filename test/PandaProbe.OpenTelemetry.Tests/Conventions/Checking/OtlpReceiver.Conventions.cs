using System.Runtime.InteropServices;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Conventions;

namespace PandaProbe.Otlp;

internal sealed partial class OtlpReceiver
{
    // Not while an exception is passing: it says more than the faults of a span would.
    static partial void Check(IReadOnlyList<ResourceSpans> received)
    {
        if (Marshal.GetExceptionPointers() != 0)
            return;

        received.SelectMany(resource => resource.ScopeSpans).Where(scope => scope.Scope.Name == Probe.SourceName)
            .SelectMany(scope => scope.Spans).Where(span => span.Tag("pandaprobe.span.kind") is not null)
            .SelectMany(span => ConventionsChecker.Check(span).Select(fault => $"{span.Name}: {fault}")).Distinct().ShouldBeEmpty();
    }
}
