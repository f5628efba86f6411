namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>How a body ended.</summary>
/// <param name="Failure">Makes what the reader got instead of the end. Null for none.</param>
/// <param name="IsOpen">Whether the server would have gone on, and the reader waits.</param>
internal sealed record BodyEnd(Func<Exception>? Failure = null, bool IsOpen = false);
