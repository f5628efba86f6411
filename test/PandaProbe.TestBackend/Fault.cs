namespace PandaProbe.TestBackend;

/// <summary>Something that goes wrong on purpose.</summary>
public sealed record Fault(
    FaultKind Kind, int Status = 0, string? RetryAfter = null, string? Location = null, string? ContentType = null, string? Body = null)
{
    /// <summary>Answers with a status and does not store.</summary>
    public static Fault Answer(int status, string? retryAfter = null, string? body = null) =>
        new(FaultKind.Answer, status, retryAfter, Body: body);

    /// <summary>Cuts the connection while the request is read.</summary>
    public static readonly Fault Reset = new(FaultKind.Reset);

    /// <summary>Stores, then cuts the connection instead of answering.</summary>
    public static readonly Fault StoreThenReset = new(FaultKind.StoreThenReset);

    /// <summary>Never answers.</summary>
    public static readonly Fault Hang = new(FaultKind.Hang);

    /// <summary>Stores and answers one byte at a time.</summary>
    public static readonly Fault Drip = new(FaultKind.Drip);

    /// <summary>Stores, announces a longer body than it sends, and cuts the connection.</summary>
    public static readonly Fault Truncate = new(FaultKind.Truncate);

    /// <summary>Answers well, but as a web page that somebody else serves.</summary>
    public static readonly Fault WebPage = new(FaultKind.Answer, 200, ContentType: "text/html; charset=utf-8");

    public static Fault Redirect(string location, int status = 307) => new(FaultKind.Answer, status, Location: location);
}
