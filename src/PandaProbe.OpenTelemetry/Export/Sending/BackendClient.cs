using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using OpenTelemetry;
using PandaProbe.Conventions;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Sending;

/// <summary>
/// Speaks PandaProbe's REST API. Its calls are never traced, carry the key to nobody else (redirects are not followed), and end in an <see cref="Answer"/>,
/// never in an exception, unless they are aborted.
/// </summary>
internal sealed class BackendClient : IDisposable
{
    public const string TracesPath = "/traces";
    public const string ScoresPath = "/evaluations/trace-scores";

    private const int LongestAnswer = 64 * 1024;

    private readonly PandaProbeOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<HttpMessageInvoker> _http;
    private readonly HttpMessageInvoker? _own;
    private readonly string _endpoint;
    private readonly string _shown;
    private readonly string _userAgent = $"pandaprobe-dotnet/{ProbeSource.Version} (.NET {System.Environment.Version})";

    public BackendClient(PandaProbeOptions options, TimeProvider time, Func<HttpMessageInvoker>? factory)
    {
        _options = options;
        _time = time;
        _endpoint = options.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _shown = options.Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (options.HttpMessageHandler is { } handler)
        {
            RedirectGuard.Apply(handler);
            _own = new(handler, disposeHandler: false);
            _http = () => _own;
        }
        else if (factory is not null)
        {
            _http = factory;
        }
        else
        {
            _own = new(NewHandler(options));
            _http = () => _own;
        }
    }

    public static string SpansPath(Guid traceId) => $"/traces/{traceId}/spans";

    public static SocketsHttpHandler NewHandler(PandaProbeOptions options) => new()
    {
        // Without a propagator, the handler neither traces the call nor sends tracing headers.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        UseCookies = false,
    };

    public async Task<Answer> PostAsync(string path, RequestBody body, bool compressed, Guid requestId, CancellationToken abort)
    {
        long start = _time.GetTimestamp();
        long bytes = body.Length;
        Answer answer;
        try
        {
            answer = await PostOnceAsync(path, body, compressed, requestId, abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException exception)
        {
            answer = new(AnswerKind.Unavailable, Detail: $"no answer within {_options.RequestTimeout.TotalSeconds:0.#} seconds", Exception: exception);
        }
        catch (Exception exception)
        {
            answer = new(AnswerKind.Unavailable, Detail: Describe(exception), Exception: exception);
        }

        ExportStatistics.Requested(bytes, _time.GetElapsedTime(start), answer.Status);
        return answer;
    }

    public void Dispose() => _own?.Dispose();

    private async Task<Answer> PostOnceAsync(string path, RequestBody body, bool compressed, Guid requestId, CancellationToken abort)
    {
        using CancellationTokenSource timeout = new(_options.RequestTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        using HttpRequestMessage request = new(HttpMethod.Post, _endpoint + path);
        request.Content = new BodyContent(body, compressed);
        request.Headers.TryAddWithoutValidation("X-API-Key", _options.ApiKey);
        request.Headers.TryAddWithoutValidation("X-Project-Name", _options.ProjectName);
        request.Headers.TryAddWithoutValidation("X-Request-ID", requestId.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);

        using IDisposable quiet = SuppressInstrumentationScope.Begin();
        Activity.Current = null;
        using HttpResponseMessage response = await SendAsync(request, either.Token).ConfigureAwait(false);
        await DrainAsync(response, either.Token).ConfigureAwait(false);
        return Read(response, path);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _http() is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            : _http().SendAsync(request, cancellation);

    /// <summary>The status is all that counts; the rest is read so that the connection can be used again, and may fail.</summary>
    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            byte[] buffer = new byte[1024];
            int total = 0;
            for (int read; total < LongestAnswer && (read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
                total += read;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
        }
    }

    private Answer Read(HttpResponseMessage response, string path)
    {
        int status = (int)response.StatusCode;
        TimeSpan? retryAfter = RetryAfter(response.Headers.RetryAfter);
        bool toTraces = path == TracesPath;
        return status switch
        {
            >= 200 and < 300 when response.Content.Headers.ContentType?.MediaType is "text/html" =>
                new(AnswerKind.Unavailable, status, retryAfter, Detail: $"{_shown} answers with a web page, not with PandaProbe's API: check PANDAPROBE_ENDPOINT, and whether a proxy answers in its place."),
            >= 200 and < 300 => new(AnswerKind.Accepted, status),
            >= 300 and < 400 => new(AnswerKind.Rejected, status, Reason: DropReasons.Redirected, Detail: $"PandaProbe's address answers with a redirect to '{Target(response)}', which is not followed because it would carry the key: set PandaProbeOptions.Endpoint to the right address."),
            401 => new(AnswerKind.Rejected, status, Reason: DropReasons.Unauthorized, Detail: "PandaProbe does not know the API key (401): check PANDAPROBE_API_KEY."),
            403 => new(AnswerKind.Rejected, status, Reason: DropReasons.Forbidden, Detail: $"The API key may not write to project '{_options.ProjectName}' (403): check PANDAPROBE_PROJECT_NAME."),
            404 when !toTraces => new(AnswerKind.Missing, status, Reason: DropReasons.NotFound, Detail: "PandaProbe does not have the trace (404)."),
            404 => new(AnswerKind.Rejected, status, Reason: DropReasons.NotFound, Detail: $"There is no PandaProbe project '{_options.ProjectName}' at {_shown} (404): check PANDAPROBE_PROJECT_NAME and PANDAPROBE_ENDPOINT."),
            408 => new(AnswerKind.Unavailable, status, retryAfter, Detail: "PandaProbe gave up waiting for the request (408)."),
            413 => new(AnswerKind.TooLarge, status, Reason: DropReasons.TooLarge, Detail: "PandaProbe finds the request too large (413)."),
            429 => new(AnswerKind.Limited, status, retryAfter, Detail: "PandaProbe asks for fewer requests (429)."),
            500 => new(AnswerKind.Failed, status, retryAfter, DropReasons.ServerError, "PandaProbe failed (500)."),
            400 or 422 => new(AnswerKind.Rejected, status, Reason: DropReasons.Invalid, Detail: $"PandaProbe finds the request invalid ({status})."),
            >= 502 and <= 504 => new(AnswerKind.Unavailable, status, retryAfter, Detail: $"PandaProbe is not available ({status})."),
            > 504 => new(AnswerKind.Failed, status, retryAfter, DropReasons.ServerError, $"PandaProbe failed ({status})."),
            _ => new(AnswerKind.Rejected, status, Reason: DropReasons.Refused, Detail: $"PandaProbe refuses the request ({status})."),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        if (header?.Delta is { } delta)
            return delta;
        if (header?.Date is { } date)
            return date - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        return null;
    }

    private static string Target(HttpResponseMessage response) =>
        response.Headers.Location is { } target ? target.IsAbsoluteUri ? target.GetLeftPart(UriPartial.Authority) : target.OriginalString : "?";

    private string Describe(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"no secure connection to {_shown}: {exception.InnerException?.Message ?? exception.Message}",
        HttpRequestException { InnerException: { } inner } => $"{_shown} cannot be reached: {inner.Message}",
        _ => $"{_shown} cannot be reached: {exception.Message}",
    };
}
