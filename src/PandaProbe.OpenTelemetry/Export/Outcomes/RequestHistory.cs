namespace PandaProbe.Export.Outcomes;

/// <summary>What one request has been through. Only its sender touches it.</summary>
internal sealed class RequestHistory
{
    private long _acceptedBefore;
    private long? _missingSince;

    public int Attempts { get; private set; }

    /// <summary>Answers of 500, each of which came after other requests had been accepted.</summary>
    public int ServerErrors { get; private set; }

    /// <summary>How long the server has said that it does not know the trace.</summary>
    public TimeSpan MissingFor { get; private set; }

    /// <summary>Whether the answer to an attempt was lost.</summary>
    public bool MayBeStored { get; set; }

    /// <param name="kind">What the attempt came to.</param>
    /// <param name="accepted">How many requests the backend has accepted so far, this one or others.</param>
    /// <param name="time">Measures <see cref="MissingFor"/>.</param>
    public void Add(AnswerKind kind, long accepted, TimeProvider time)
    {
        Attempts++;
        if (kind == AnswerKind.Missing)
        {
            _missingSince ??= time.GetTimestamp();
            MissingFor = time.GetElapsedTime(_missingSince.Value);
        }

        // An outage fails every request, and says nothing about this one.
        if (kind == AnswerKind.Failed)
        {
            if (ServerErrors == 0 || accepted > _acceptedBefore)
                ServerErrors++;
            _acceptedBefore = accepted;
        }
    }
}
