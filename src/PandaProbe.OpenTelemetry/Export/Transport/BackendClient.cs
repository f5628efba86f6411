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
    private readonly PandaProbeExporterOptions _options;
    private readonly TimeProvider _time;
    private readonly SendGate _gate;
    private readonly AnswerReader _reader;
    private readonly string _endpoint;
    private readonly string _userAgent = $"pandaprobe-dotnet/{ProbeSource.Version} (.NET {System.Environment.Version})";
    private volatile HttpMessageInvoker _http;
    private volatile bool _compresses;

    public BackendClient(PandaProbeExporterOptions options, TimeProvider time, SendGate gate)
    {
        _options = options;
        _time = time;
        _gate = gate;
        _reader = new(options, time);
        _endpoint = options.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _compresses = options.CompressRequests;
        RedirectGuard.Apply(options.HttpMessageHandler);
        _http = options.HttpMessageHandler is { } handler ? new(handler, disposeHandler: false) : new(NewHandler(options));
    }

    /// <summary>Waits until the gate lets the request through, and sends it once.</summary>
    /// <exception cref="OperationCanceledException">It was aborted.</exception>
    public async Task<Answer> SendAsync(RequestKind kind, Guid traceId, Guid requestId, RequestBody body, CancellationToken abort)
    {
        bool isTrace = kind == RequestKind.Trace;
        bool probing = await _gate.EnterAsync(isTrace, abort).ConfigureAwait(false);
        try
        {
            Answer answer = await PostAsync(kind, traceId, requestId, body, abort).ConfigureAwait(false);
            _gate.Leave(isTrace, probing, answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            _gate.GiveBack(isTrace, probing);
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler NewHandler(PandaProbeExporterOptions options) => new()
    {
        // Without a propagator, the handler neither traces the call nor sends tracing headers.
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        UseCookies = false,
    };

    private async Task<Answer> PostAsync(RequestKind kind, Guid traceId, Guid requestId, RequestBody body, CancellationToken abort)
    {
        if (_compresses)
        {
            ArraySegment<byte> packed = Compressor.Compress(body);
            using BodyContent content = new([packed], packed.Count, compressed: true);
            Answer compressed = await PostAsync(kind, traceId, requestId, content, packed.Count, abort).ConfigureAwait(false);
            if (compressed.Status is not (400 or 415))
                return compressed;
        }

        using BodyContent plain = new(body.Pieces, body.Length, compressed: false);
        Answer answer = await PostAsync(kind, traceId, requestId, plain, body.Length, abort).ConfigureAwait(false);
        if (_compresses && answer.Kind == AnswerKind.Accepted)
        {
            _compresses = false;
            PandaProbeEventSource.Log.ConfigurationProblem(
                "PandaProbe does not take compressed requests: from now on they are sent uncompressed. Leave CompressRequests (PANDAPROBE_COMPRESS) out.");
        }

        return answer;
    }

    private async Task<Answer> PostAsync(
        RequestKind kind, Guid traceId, Guid requestId, BodyContent content, long length, CancellationToken abort)
    {
        long start = _time.GetTimestamp();
        Answer answer;
        try
        {
            answer = await PostOnceAsync(kind, traceId, requestId, content, abort).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !abort.IsCancellationRequested)
        {
            answer = _reader.Read(exception);
        }

        ExportStatistics.Requested(length, _time.GetElapsedTime(start), answer.Status);
        return answer;
    }

    private async Task<Answer> PostOnceAsync(RequestKind kind, Guid traceId, Guid requestId, BodyContent content, CancellationToken abort)
    {
        using CancellationTokenSource timeout = new(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        using HttpRequestMessage request = new(HttpMethod.Post, _endpoint + Path(kind, traceId));
        request.Content = content;
        request.Headers.TryAddWithoutValidation("X-API-Key", _options.ApiKey);
        request.Headers.TryAddWithoutValidation("X-Project-Name", _options.ProjectName);
        request.Headers.TryAddWithoutValidation("X-Request-ID", requestId.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);

        // Behind a 500 the server closes the connection without saying so, and the next request on it would be lost. For scores that come
        // before their trace a 500 is ordinary.
        request.Headers.ConnectionClose = kind == RequestKind.Score ? true : null;

        using IDisposable quiet = SuppressInstrumentationScope.Begin();
        Activity.Current = null;
        using HttpResponseMessage response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);

        // A new handler has new connections. What is under way keeps the old one.
        if ((int)response.StatusCode >= 500 && kind != RequestKind.Score && _options.HttpMessageHandler is null)
            _http = new(NewHandler(_options));
        string? reason = await ServerReason.ReadAsync(response, _options.ApiKey, either.Token).ConfigureAwait(false);
        return _reader.Read(response, reason, kind);
    }

    private static string Path(RequestKind kind, Guid traceId) => kind switch
    {
        RequestKind.Trace => "/traces",
        RequestKind.Spans => $"/traces/{traceId}/spans",
        _ => "/evaluations/trace-scores",
    };
}
