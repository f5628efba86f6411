namespace PandaProbe.Export.Sending;

/// <summary>What an attempt came to.</summary>
/// <param name="Kind">What to do next.</param>
/// <param name="Status">The status, where there was an answer.</param>
/// <param name="RetryAfter">How long the server wants to be left alone.</param>
/// <param name="Reason">Why it is dropped, where it is.</param>
/// <param name="Detail">For people. Never the key, never the content.</param>
/// <param name="Exception">What was thrown, where there was no answer.</param>
internal readonly record struct Answer(
    AnswerKind Kind, int? Status = null, TimeSpan? RetryAfter = null, string? Reason = null, string? Detail = null, Exception? Exception = null);
