namespace PandaProbe.Export.Outcomes;

/// <summary>What becomes of a request after an answer, for live requests and for those from the spool.</summary>
/// <param name="Fate">What to do.</param>
/// <param name="Delay">How long to wait with <see cref="Fate.Later"/>, and with <see cref="Fate.Spool"/> where the disk refuses.</param>
/// <param name="Reason">Why it is dropped: one of <see cref="DropReasons"/>. Only with <see cref="Fate.Drop"/>, and where the change that
/// is asked for cannot be made.</param>
internal readonly record struct Outcome(Fate Fate, TimeSpan Delay = default, string? Reason = null)
{
    /// <summary>A request that the backend fails on this often while it accepts others is given up.</summary>
    public const int MostServerErrors = 5;

    /// <summary>How long spans wait for a trace that somebody else may send.</summary>
    public static readonly TimeSpan SpanPatience = TimeSpan.FromSeconds(30);

    /// <summary>How long a score waits for its trace. The backend's worker may be minutes behind.</summary>
    public static readonly TimeSpan ScorePatience = TimeSpan.FromMinutes(10);

    /// <param name="answer">The server's answer, or the lack of one.</param>
    /// <param name="request">The request, this attempt included.</param>
    /// <param name="random">Between 0 and 1, for the delay.</param>
    public static Outcome Of(in Answer answer, in RequestFacts request, double random)
    {
        TimeSpan backoff = Backoff.Delay(request.Attempts, random);
        string reason = answer.Reason ?? DropReasons.Refused;
        return answer.Kind switch
        {
            AnswerKind.Accepted => new(Fate.Accept),
            AnswerKind.Limited => new(Fate.Again),
            AnswerKind.Missing when request.IsScore =>
                request.MissingFor < ScorePatience ? new(Fate.Later, backoff) : new(Fate.Drop, default, reason),
            AnswerKind.Missing => request.MissingFor < SpanPatience ? new(Fate.Later, backoff / 4) : new(Fate.AddHead),
            AnswerKind.TooLarge when request.Spans > 1 => new(Fate.Split, default, reason),
            AnswerKind.TooLarge when request is { IsScore: false, CanShrink: true } => new(Fate.Shrink, default, reason),
            AnswerKind.Failed when request.ServerErrors <= MostServerErrors => new(Fate.Later, backoff),
            AnswerKind.Unavailable or AnswerKind.Misconfigured or AnswerKind.UsedUp when request.HasSpool => new(Fate.Spool, backoff),
            AnswerKind.Unavailable => new(Fate.Later, backoff),
            _ => new(Fate.Drop, default, reason),
        };
    }
}
