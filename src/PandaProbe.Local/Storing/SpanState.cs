namespace PandaProbe.Local.Storing;

/// <summary>What the writer must know of a span when others of its trace come.</summary>
internal sealed class SpanState
{
    /// <summary>Zero while the row of a placeholder is not written.</summary>
    public long Id { get; set; }

    public UInt128 Parent { get; set; }

    public SpanSource Source { get; set; }

    public SpanFlags Flags { get; set; }

    public bool Has(SpanFlags flag) => (Flags & flag) != 0;
}

[Flags]
internal enum SpanFlags
{
    None = 0,

    /// <summary>It has tokens or a cost of its own.</summary>
    Reports = 1,

    /// <summary>A span below it reports, so what it reports is a sum, or the same call seen by an outer layer.</summary>
    ReportsBelow = 2,

    /// <summary>It says of itself that it is a sum.</summary>
    IsSum = 4,

    IsError = 16,
    IsTool = 32,
    IsCall = 64,

    /// <summary>A call is below it: an outer layer of the same call is no second one.</summary>
    CallsBelow = 128,
}
