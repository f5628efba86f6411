namespace PandaProbe.Local.Concluding;

/// <summary>What conclusions need of a trace.</summary>
/// <param name="Id">The trace's id, as links have it.</param>
/// <param name="Name">The trace's name.</param>
/// <param name="Steps">The spans in any order. Parents may be missing, and may form cycles.</param>
/// <param name="IsFailed">Whether the application set the trace's status to an error, whatever its spans say.</param>
internal sealed record TraceFacts(string Id, string Name, IReadOnlyList<StepFacts> Steps, bool IsFailed = false)
{
    /// <summary>Gets the spans as a tree. It is made once: lists, conclusions and comparisons of a trace share it.</summary>
    public StepTree Tree => field ??= new(Steps);
}
