namespace PandaProbe.Export.Outcomes;

/// <summary>The server's answer to a request, or the lack of one.</summary>
/// <param name="Kind">What it means for the request.</param>
/// <param name="Status">The status, where there was an answer.</param>
/// <param name="RetryAfter">How long the server wants to be left alone.</param>
/// <param name="Reason">One of <see cref="DropReasons"/>, where the request may be dropped for it.</param>
/// <param name="Detail">A sentence for people, without the key and without content; <see langword="null"/> only with
/// <see cref="AnswerKind.Accepted"/>.</param>
/// <param name="Exception">What was thrown, where there was no answer.</param>
internal readonly record struct Answer(
    AnswerKind Kind, int? Status = null, TimeSpan? RetryAfter = null, string? Reason = null, string? Detail = null,
    Exception? Exception = null);
