using System.Net.Http.Headers;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Transport;

/// <summary>
/// Says what a response, or an exception in its place, means for the request, with a sentence that tells people what to do.
/// </summary>
internal sealed class AnswerReader(PandaProbeExporterOptions options, TimeProvider time)
{
    private readonly string _shown = options.Endpoint.GetComponents(
        UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <param name="response">The response.</param>
    /// <param name="reason">What the server says of it, as <see cref="ServerReason"/> reads it.</param>
    /// <param name="kind">What was asked for.</param>
    public Answer Read(HttpResponseMessage response, string? reason, RequestKind kind)
    {
        int status = (int)response.StatusCode;
        TimeSpan? retryAfter = RetryAfter(response.Headers.RetryAfter);
        string because = reason is null ? "." : $": \"{reason}\"";
        return status switch
        {
            >= 200 and < 300 when response.Content.Headers.ContentType?.MediaType is "text/html" =>
                new(AnswerKind.Unavailable, status, retryAfter,
                    Detail: $"{_shown} answers with a web page, not with PandaProbe's API: check PANDAPROBE_ENDPOINT, and whether a proxy answers in its place."),
            >= 200 and < 300 => new(AnswerKind.Accepted, status),
            >= 300 and < 400 => Misconfigured(
                DropReasons.Redirected,
            $"PandaProbe's address answers with a redirect to '{Target(response)}', which is not followed because it would carry the key: set PandaProbeOptions.PandaProbe.Endpoint to the right address."),
            401 => Misconfigured(DropReasons.Unauthorized, "PandaProbe does not know the API key (401): check PANDAPROBE_API_KEY."),
            403 => Misconfigured(
                DropReasons.Forbidden, $"The API key may not write to project '{options.ProjectName}' (403): check PANDAPROBE_PROJECT_NAME."),
            404 when kind != RequestKind.Trace =>
                new(AnswerKind.Missing, status, Reason: DropReasons.NotFound, Detail: "PandaProbe does not have the trace (404)."),
            404 => Misconfigured(
                DropReasons.NotFound,
            $"There is no PandaProbe project '{options.ProjectName}' at {_shown} (404): check PANDAPROBE_PROJECT_NAME and PANDAPROBE_ENDPOINT."),
            500 when kind == RequestKind.Score =>
                new(AnswerKind.Missing, status, Reason: DropReasons.NotFound,
                    Detail: "PandaProbe does not have the score's trace, or cannot store the score (500)."),
            408 or 425 => new(AnswerKind.Unavailable, status, retryAfter, Detail: $"PandaProbe wants the request again ({status})."),
            413 => new(AnswerKind.TooLarge, status, Reason: DropReasons.TooLarge, Detail: "PandaProbe finds the request too large (413)."),
            429 when reason?.Contains("plan", StringComparison.OrdinalIgnoreCase) == true
            && reason.Contains("limit", StringComparison.OrdinalIgnoreCase) =>
                new(AnswerKind.UsedUp, status, retryAfter, DropReasons.PlanUsedUp,
                    $"PandaProbe takes no more, because the plan is used up (429){because}"),
            429 => new(AnswerKind.Limited, status, retryAfter, Detail: "PandaProbe asks for fewer requests (429)."),
            500 => new(AnswerKind.Failed, status, retryAfter, DropReasons.ServerError, "PandaProbe failed (500)."),
            422 when reason?.Contains("X-Project-Name", StringComparison.OrdinalIgnoreCase) == true =>
                Misconfigured(
                    DropReasons.Invalid, $"PandaProbe has no project '{options.ProjectName}' (422){because} Check PANDAPROBE_PROJECT_NAME."),
            400 or 422 => new(AnswerKind.Rejected, status, Reason: DropReasons.Invalid,
            Detail: $"PandaProbe finds the request invalid ({status}){because}"),
            >= 502 and <= 504 => new(AnswerKind.Unavailable, status, retryAfter, Detail: $"PandaProbe is not available ({status})."),
            > 504 => new(AnswerKind.Failed, status, retryAfter, DropReasons.ServerError, $"PandaProbe failed ({status})."),
            _ => new(AnswerKind.Rejected, status, Reason: DropReasons.Refused,
            Detail: $"PandaProbe refuses the request ({status}){because}"),
        };

        Answer Misconfigured(string reason, string detail) => new(AnswerKind.Misconfigured, status, Reason: reason, Detail: detail);
    }

    public Answer Read(Exception exception) => new(AnswerKind.Unavailable, Exception: exception, Detail: exception switch
    {
        OperationCanceledException => $"no answer within {options.RequestTimeout.TotalSeconds:0.#} seconds",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
        $"no secure connection to {_shown}: {exception.InnerException?.Message ?? exception.Message}",
        HttpRequestException { InnerException: { } inner } => $"{_shown} cannot be reached: {inner.Message}",
        _ => $"{_shown} cannot be reached: {exception.Message}",
    });

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        if (header?.Delta is { } delta)
            return delta;
        if (header?.Date is { } date)
            return date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        return null;
    }

    private static string Target(HttpResponseMessage response) =>
        response.Headers.Location is { } target ? target.IsAbsoluteUri
            ? target.GetLeftPart(UriPartial.Authority) : target.OriginalString : "?";
}
