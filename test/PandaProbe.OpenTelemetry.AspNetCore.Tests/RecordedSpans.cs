using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace PandaProbe.AspNetCore;

/// <summary>The spans of one test's requests: other tests of the process share the sources.</summary>
internal sealed class RecordedSpans : BaseProcessor<Activity>
{
    /// <summary>
    /// The tests that must not run beside each other: ASP.NET Core's source has one set of listeners for the whole process.
    /// </summary>
    public const string Tests = "Recorded spans";

    private readonly ConcurrentQueue<Activity> _ended = new();

    public ConcurrentDictionary<ActivityTraceId, bool> Own { get; } = new();

    public IReadOnlyList<Activity> All => [.. _ended.Where(span => Own.ContainsKey(span.TraceId))];

    public Activity Single(string name)
    {
        // The server's own span ends after the client has its answer.
        SpinWait.SpinUntil(() => All.Any(span => Name(span) == name), TimeSpan.FromMinutes(2)).ShouldBeTrue(name);
        return All.Single(span => Name(span) == name);
    }

    public override void OnEnd(Activity data) => _ended.Enqueue(data);

    private static string Name(Activity span) => span.Kind == ActivityKind.Server ? "server" : span.DisplayName;
}
