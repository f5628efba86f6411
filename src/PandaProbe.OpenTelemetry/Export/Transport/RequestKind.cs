namespace PandaProbe.Export.Transport;

/// <summary>Which of PandaProbe's routes a request goes to.</summary>
internal enum RequestKind
{
    /// <summary><c>POST /traces</c>.</summary>
    Trace,

    /// <summary><c>POST /traces/{id}/spans</c>.</summary>
    Spans,

    /// <summary><c>POST /evaluations/trace-scores</c>.</summary>
    Score,
}
