using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using OpenTelemetry;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Transport;

/// <summary>
/// Speaks PandaProbe's REST API, at the pace of a <see cref="SendGate"/>. Its calls are never traced, carry the key to no other host
/// (redirects are not followed), and end in an <see cref="Answer"/>, never in an exception, unless they are aborted.
/// </summary>
internal sealed class BackendClient : IDisposable
{
    // The server closes a connection after 5 seconds without a request, and a request that comes at that moment is lost.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(4);

    private readonly PandaProbeExporterOptions _options;
    private readonly TimeProvider _time;
    private readonly SendGate _gate;
    private readonly AnswerReader _reader;
    private readonly RedirectGuard _redirects;
    private readonly string _endpoint;
    private readonly string _userAgent = $"pandaprobe-dotnet/{ProbeSource.Version} (.NET {System.Environment.Version})";
    private readonly HttpMessageInvoker? _given;

    // One connection each.
    private readonly ConcurrentBag<HttpMessageInvoker> _idle = [];
    private volatile bool _compresses;

    public BackendClient(PandaProbeExporterOptions options, TimeProvider time, SendGate gate)
    {
        _options = options;
        _time = time;
        _gate = gate;
        _reader = new(options, time);
        _redirects = new(options.HttpMessageHandler, options.Endpoint);
        _endpoint = options.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _compresses = options.CompressRequests;
        _given = options.HttpMessageHandler is { } handler ? new(handler, disposeHandler: false) : null;
    }

    /// <summary>
    /// Waits until the gate lets the request through, and sends it once. After a lost answer, asks first whether the server has the score.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was aborted.</exception>
    public async Task<Answer> SendAsync(
        RequestKind kind, Guid traceId, Guid requestId, RequestBody body, bool mayBeStored, CancellationToken abort)
    {
        if (mayBeStored && kind == RequestKind.Score)
        {
            Answer asked = await PassAsync(kind, () => AskAsync(traceId, body, abort), abort).ConfigureAwait(false);
            if (asked.Kind is not (AnswerKind.Missing or AnswerKind.Rejected or AnswerKind.Failed))
                return asked;
        }

        return await PassAsync(kind, () => PostAsync(kind, traceId, requestId, body, abort), abort).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _given?.Dispose();
        foreach (HttpMessageInvoker http in _idle)
            http.Dispose();
    }

    private static HttpMessageInvoker NewHttp(PandaProbeExporterOptions options) => new(new SocketsHttpHandler
    {
        // Without a propagator, the handler neither traces the call nor sends tracing headers.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = KeepAlive,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        UseCookies = false,
    });

    private async Task<Answer> PassAsync(RequestKind kind, Func<Task<Answer>> send, CancellationToken abort)
    {
        bool isTrace = kind == RequestKind.Trace;
        bool probing = await _gate.EnterAsync(isTrace, abort).ConfigureAwait(false);
        try
        {
            Answer answer = await send().ConfigureAwait(false);
            _gate.Leave(isTrace, probing, answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            _gate.GiveBack(isTrace, probing);
            throw;
        }
    }

    private async Task<Answer> PostAsync(RequestKind kind, Guid traceId, Guid requestId, RequestBody body, CancellationToken abort)
    {
        if (_compresses)
        {
            ArraySegment<byte> packed = Compressor.Compress(body);
            using BodyContent content = new([packed], packed.Count, compressed: true);
            Answer compressed = await SendAsync(kind, HttpMethod.Post, traceId, requestId, content, null, abort).ConfigureAwait(false);
            if (compressed.Status is not (400 or 415))
                return compressed;
        }

        using BodyContent plain = new(body.Pieces, body.Length, compressed: false);
        Answer answer = await SendAsync(kind, HttpMethod.Post, traceId, requestId, plain, null, abort).ConfigureAwait(false);
        if (_compresses && answer.Kind == AnswerKind.Accepted)
        {
            _compresses = false;
            PandaProbeEventSource.Log.ConfigurationProblem(
                "PandaProbe does not take compressed requests: from now on they are sent uncompressed. Leave CompressRequests (PANDAPROBE_COMPRESS) out.");
        }

        return answer;
    }

    private Task<Answer> AskAsync(Guid traceId, RequestBody score, CancellationToken abort) =>
        SendAsync(RequestKind.Score, HttpMethod.Get, traceId, Guid.NewGuid(), null, score, abort);

    private async Task<Answer> SendAsync(
        RequestKind kind, HttpMethod method, Guid traceId, Guid requestId, BodyContent? content, RequestBody? wanted,
        CancellationToken abort)
    {
        long start = _time.GetTimestamp();
        Answer answer;
        try
        {
            using CancellationTokenSource timeout = new(_options.RequestTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
            string address = _endpoint + Path(kind, traceId) + (method == HttpMethod.Get ? $"/{traceId}" : "");
            if (_redirects.MustAsk)
                await TryHandlerAsync(method, address, either.Token).ConfigureAwait(false);
            if (_redirects.Problem is { } problem)
                return new(AnswerKind.Misconfigured, Reason: DropReasons.Redirected, Detail: problem);

            using HttpRequestMessage request = new(method, address);
            request.Content = content;
            request.Headers.TryAddWithoutValidation("X-API-Key", _options.ApiKey);
            request.Headers.TryAddWithoutValidation("X-Project-Name", _options.ProjectName);
            request.Headers.TryAddWithoutValidation("X-Request-ID", requestId.ToString());
            request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
            answer = await ExchangeAsync(kind, request, wanted, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !abort.IsCancellationRequested)
        {
            answer = _reader.Read(exception);
        }

        ExportStatistics.Requested(content?.Length ?? 0, _time.GetElapsedTime(start), answer.Status);
        return answer;
    }

    // The score that is wanted is looked for in the answer. A request that stores something wants none.
    private async Task<Answer> ExchangeAsync(
        RequestKind kind, HttpRequestMessage request, RequestBody? wanted, CancellationToken cancellation)
    {
        HttpMessageInvoker http = _given ?? (_idle.TryTake(out HttpMessageInvoker? idle) ? idle : NewHttp(_options));
        bool keeps = false;
        try
        {
            // Behind a 500 the server closes the connection without saying so, and the next request on it would be lost. An application's
            // handler shares its connections.
            request.Headers.ConnectionClose = _given is null ? null : true;
            using HttpResponseMessage response = await SendQuietlyAsync(http, request, cancellation).ConfigureAwait(false);
            _redirects.Look(response.RequestMessage ?? request);
            if (wanted is not null && response.IsSuccessStatusCode)
            {
                keeps = true;
                return new(
                    await StoredScores.ContainsAsync(response.Content, wanted, cancellation).ConfigureAwait(false)
                        ? AnswerKind.Accepted : AnswerKind.Missing, (int)response.StatusCode);
            }

            string? reason = await ServerReason.ReadAsync(response, _options.ApiKey, cancellation).ConfigureAwait(false);
            keeps = (int)response.StatusCode < 500;
            return _reader.Read(response, reason, kind);
        }
        finally
        {
            if (keeps && _given is null)
                _idle.Add(http);
            else if (_given is null)
                http.Dispose();
        }
    }

    /// <summary>Sends a request without key and content, to see whether the handler follows a redirect.</summary>
    private async Task TryHandlerAsync(HttpMethod method, string address, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = new(method, address);
            request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
            using HttpResponseMessage response = await SendQuietlyAsync(_given!, request, cancellation).ConfigureAwait(false);
            _redirects.Look(response.RequestMessage ?? request);
        }
        catch (Exception exception) when (exception is not (HttpRequestException or IOException or OperationCanceledException))
        {
            // A handler of a test may expect other requests. It follows no redirect.
        }
    }

    private static async Task<HttpResponseMessage> SendQuietlyAsync(
        HttpMessageInvoker http, HttpRequestMessage request, CancellationToken cancellation)
    {
        using IDisposable quiet = SuppressInstrumentationScope.Begin();
        Activity.Current = null;
        return await http.SendAsync(request, cancellation).ConfigureAwait(false);
    }

    private static string Path(RequestKind kind, Guid traceId) => kind switch
    {
        RequestKind.Trace => "/traces",
        RequestKind.Spans => $"/traces/{traceId}/spans",
        _ => "/evaluations/trace-scores",
    };
}
