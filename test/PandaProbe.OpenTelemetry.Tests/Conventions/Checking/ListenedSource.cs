using System.Diagnostics;

namespace PandaProbe.Conventions;

internal static class ListenedSource
{
    /// <summary>Records all activities of a source of the test's own.</summary>
    public static ActivitySource Listened(this ActivitySource source)
    {
        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = other => ReferenceEquals(other, source),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        });
        return source;
    }
}
