namespace PandaProbe.Local.Storing;

/// <summary>What one request of a client wants stored, all of it or nothing.</summary>
internal sealed class WriteRequest
{
    private readonly TaskCompletionSource _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<SpanRow> Spans { get; init; } = [];

    public IReadOnlyList<LogRow> Logs { get; init; } = [];

    public IReadOnlyList<ScoreRow> Scores { get; init; } = [];

    public HeadRow? Head { get; init; }

    /// <summary>Identifiers of scores to delete.</summary>
    public IReadOnlyList<UInt128> DeletedScores { get; init; } = [];

    /// <summary>How many bytes of memory it holds.</summary>
    public long Size { get; init; }

    /// <summary>Ends after the commit, or with what kept it from happening.</summary>
    public Task Stored => _stored.Task;

    public void Succeed() => _stored.TrySetResult();

    public void Fail(Exception exception) => _stored.TrySetException(exception);
}
