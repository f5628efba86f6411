namespace PandaProbe.Local.Storing;

/// <summary>A trace as the writer holds it: the row, and of each span what the sums need.</summary>
internal sealed class TraceState
{
    public required long Id { get; init; }

    public required UInt128 TraceId { get; init; }

    public Dictionary<UInt128, SpanState> Spans { get; } = [];

    /// <summary>Traces that came over REST and may turn out to be a part of this one: their ids begin alike.</summary>
    public List<UInt128> Siblings { get; } = [];

    public long? Run { get; set; }

    public SessionState? Session { get; set; }

    public string? Name { get; set; }

    public int NameRank { get; set; }

    public string Status { get; set; } = "RUNNING";

    public long Start { get; set; }

    public long End { get; set; }

    public Previews Previews;

    public string? Model { get; set; }

    public string? User { get; set; }

    public string? Tags { get; set; }

    public string? Environment { get; set; }

    public string? Release { get; set; }

    public string? Service { get; set; }

    public UInt128 Root { get; set; }

    /// <summary>The fields of PandaProbe's REST API, as JSON.</summary>
    public byte[]? Head { get; set; }

    public long Received { get; set; }

    public Sums Sums;

    /// <summary>What of this trace is in the sums of its session.</summary>
    public SessionShare Shared;

    public long Duration => Math.Max(0, End - Start);
}

/// <summary>What a trace adds to its session.</summary>
internal readonly record struct SessionShare(Sums Sums, long Traces, long Duration, long Failed);

/// <summary>
/// The first words in and the last words out. A root's words rank above those of a call, an earlier call's input and a later call's output
/// above another's.
/// </summary>
internal struct Previews
{
    public string? In;
    public string? Out;
    public long InRank;
    public long OutRank;
    public long InAt;
    public long OutAt;

    public void OfferInput(string? text, long rank, long at)
    {
        if (text is null || rank < InRank || (rank == InRank && In is not null && at >= InAt))
            return;
        (In, InRank, InAt) = (text, rank, at);
    }

    public void OfferOutput(string? text, long rank, long at)
    {
        if (text is null || rank < OutRank || (rank == OutRank && Out is not null && at < OutAt))
            return;
        (Out, OutRank, OutAt) = (text, rank, at);
    }
}
