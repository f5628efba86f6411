namespace PandaProbe.Export.Outcomes;

/// <summary>What becomes of a request after an answer.</summary>
internal enum Fate
{
    /// <summary>It has arrived.</summary>
    Accept,

    /// <summary>It is sent again as soon as the gate lets it through.</summary>
    Again,

    /// <summary>It is sent again after a delay; others go first.</summary>
    Later,

    /// <summary>It is sent again as a trace, with what is known of the trace that the server does not have.</summary>
    AddHead,

    /// <summary>It is sent again as two requests with half of the spans each.</summary>
    Split,

    /// <summary>It is sent again with shorter contents.</summary>
    Shrink,

    /// <summary>It goes to disk, or stays there.</summary>
    Spool,

    /// <summary>It is given up.</summary>
    Drop,
}
