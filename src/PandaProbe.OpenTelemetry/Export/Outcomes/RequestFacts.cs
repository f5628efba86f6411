namespace PandaProbe.Export.Outcomes;

/// <summary>What <see cref="Outcome.Of"/> needs to know of a request.</summary>
/// <param name="IsScore">A score; otherwise a trace or a list of spans.</param>
/// <param name="Spans">How many spans are in it.</param>
/// <param name="CanShrink">Whether its contents can be made shorter than they are.</param>
/// <param name="HasSpool">Whether it can wait on disk, or does so already.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="ServerErrors">As in <see cref="RequestHistory.ServerErrors"/>.</param>
/// <param name="MissingFor">As in <see cref="RequestHistory.MissingFor"/>.</param>
internal readonly record struct RequestFacts(
    bool IsScore = false, int Spans = 0, bool CanShrink = false, bool HasSpool = false, int Attempts = 1, int ServerErrors = 0,
    TimeSpan MissingFor = default);
