using System.Diagnostics;
using System.Text;
using OpenTelemetry;
using PandaProbe.Context;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Transport;

/// <summary>
/// Speaks PandaProbe's REST API, at the pace of a <see cref="SendGate"/>. Its calls are never traced, carry the key to no other host (redirects are not
/// followed), and end in an <see cref="Answer"/>, never in an exception, unless they are aborted.
/// </summary>
internal sealed class BackendClient : IDisposable
{
    private const int LongestAnswer = 64 * 1024;

    private readonly PandaProbeOptions _options;
    private readonly TimeProvider _time;
    private readonly SendGate _gate;
    private readonly AnswerReader _reader;
    private readonly Func<HttpMessageInvoker> _http;
    private readonly HttpMessageInvoker? _own;
    private readonly string _endpoint;
    private readonly string _userAgent = $"pandaprobe-dotnet/{ProbeSource.Version} (.NET {System.Environment.Version})";

    public BackendClient(PandaProbeOptions options, TimeProvider time, SendGate gate, Func<HttpMessageInvoker>? factory)
    {
        _options = options;
        _time = time;
        _gate = gate;
        _reader = new(options, time);
        _endpoint = options.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (options.HttpMessageHandler is { } handler)
        {
            RedirectGuard.Apply(handler);
            _own = new(handler, disposeHandler: false);
        }
        else if (factory is null)
        {
            _own = new(NewHandler(options));
        }

        _http = _own is null ? factory! : () => _own;
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

    public void Dispose() => _own?.Dispose();

    private static SocketsHttpHandler NewHandler(PandaProbeOptions options) => new()
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
        ArraySegment<byte>? packed = _options.CompressRequests ? Compressor.Compress(body) : default(ArraySegment<byte>?);
        long length = packed?.Count ?? body.Length;
        long start = _time.GetTimestamp();
        Answer answer;
        try
        {
            using BodyContent content = new(packed is { } whole ? [whole] : body.Pieces, length, packed is not null);
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
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        using HttpRequestMessage request = new(HttpMethod.Post, _endpoint + Path(kind, traceId));
        request.Content = content;
        request.Headers.TryAddWithoutValidation("X-API-Key", _options.ApiKey);
        request.Headers.TryAddWithoutValidation("X-Project-Name", _options.ProjectName);
        request.Headers.TryAddWithoutValidation("X-Request-ID", requestId.ToString());
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);

        using IDisposable quiet = SuppressInstrumentationScope.Begin();
        Activity.Current = null;
        HttpMessageInvoker http = _http();
        using HttpResponseMessage response = await (http is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token)
            : http.SendAsync(request, either.Token)).ConfigureAwait(false);
        await DrainAsync(response, either.Token).ConfigureAwait(false);
        return _reader.Read(response, kind);
    }

    private static string Path(RequestKind kind, Guid traceId) => kind switch
    {
        RequestKind.Trace => "/traces",
        RequestKind.Spans => $"/traces/{traceId}/spans",
        _ => "/evaluations/trace-scores",
    };

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
}
