namespace PandaProbe.TestBackend;

/// <summary>A request as it came in.</summary>
/// <param name="Number">Counts all requests, from 1.</param>
/// <param name="At">When it came, as a <see cref="System.Diagnostics.Stopwatch"/> timestamp.</param>
public sealed record BackendRequest(
    int Number, long At, string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public bool IsTrace => Path == "/traces";

    public string RequestId => Headers.GetValueOrDefault("X-Request-ID", "");

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>The answer's status, once there is one.</summary>
    public int Status { get; set; }
}
