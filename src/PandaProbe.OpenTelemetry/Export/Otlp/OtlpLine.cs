using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using OpenTelemetry.Exporter;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// Stands between one exporter of OpenTelemetry and its <see cref="HttpClient"/>. An exporter returns only success or failure, so status,
/// delay and message of the receiver are read here. A request that is larger than the bound is answered here with 413.
/// </summary>
internal sealed class OtlpLine : HttpMessageHandler
{
    private const int GrpcPrefix = 5;

    private readonly HttpClient _client;
    private readonly OtlpResponseReader _reader = new(TimeProvider.System);
    private readonly bool _isGrpc;
    private readonly long _largestAnswer;
    private int _maxBytes;
    private int? _shortenTo;

    /// <param name="client">The client of the application's or of OpenTelemetry's factory.</param>
    /// <param name="otlp">The options of the exporter.</param>
    public OtlpLine(HttpClient client, OtlpExporterOptions otlp)
    {
        _client = client;
        _isGrpc = IsGrpc(otlp);
        _largestAnswer = otlp.MaxResponseSizeBytes;
    }

    /// <summary>Gets what the receiver said to the last request; <see langword="null"/> when no request was made.</summary>
    public OtlpResponse? Last { get; private set; }

    public static bool IsGrpc(OtlpExporterOptions otlp) => otlp.Protocol != OtlpExportProtocol.HttpProtobuf;

    /// <param name="maxBytes">A larger request is not sent.</param>
    /// <param name="shortenTo">The texts of the request are shortened so that it has at most this many bytes.</param>
    public void Begin(int maxBytes, int? shortenTo)
    {
        _maxBytes = maxBytes;
        _shortenTo = shortenTo;
        Last = null;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Refuse(request) is { } refused)
            return refused;

        try
        {
            HttpResponseMessage response = _client.Send(Copy(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            using Stream stream = response.Content.ReadAsStream(cancellationToken);
            return Read(request, response, ReadBounded(stream.Read));
        }
        catch (Exception exception)
        {
            Failed(request, exception);
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Refuse(request) is { } refused)
            return refused;

        try
        {
            HttpResponseMessage response = await _client.SendAsync(
                Copy(request), HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            using MemoryStream body = new();
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                byte[] buffer = new byte[4096];
                for (int read; body.Length <= _largestAnswer
                    && (read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
                {
                    body.Write(buffer, 0, read);
                }
            }

            return Read(request, response, body.ToArray());
        }
        catch (Exception exception)
        {
            Failed(request, exception);
            throw;
        }
    }

    private byte[] ReadBounded(Func<byte[], int, int, int> read)
    {
        using MemoryStream body = new();
        byte[] buffer = new byte[4096];
        for (int count; body.Length <= _largestAnswer && (count = read(buffer, 0, buffer.Length)) > 0;)
            body.Write(buffer, 0, count);
        return body.ToArray();
    }

    private HttpResponseMessage? Refuse(HttpRequestMessage request)
    {
        if (request.Content?.Headers.ContentLength is not { } length || length <= _maxBytes)
            return null;

        Last = new(new(
            AnswerKind.TooLarge, Reason: DropReasons.TooLarge,
            Detail: $"A request of {length} bytes is beyond options.Otlp.MaxRequestBytes."));
        return new(HttpStatusCode.RequestEntityTooLarge) { RequestMessage = request };
    }

    // A client takes a request message once, and the exporter's own client has taken this one.
    private HttpRequestMessage Copy(HttpRequestMessage request)
    {
        HttpRequestMessage copy = new(request.Method, request.RequestUri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = _shortenTo is { } bytes ? Shorten(request.Content!, bytes) : request.Content,
        };
        foreach ((string name, IEnumerable<string> values) in request.Headers)
            copy.Headers.TryAddWithoutValidation(name, values);
        return copy;
    }

    private ByteArrayContent Shorten(HttpContent content, int maxBytes)
    {
        using MemoryStream buffer = new();
        content.CopyTo(buffer, null, CancellationToken.None);
        ReadOnlySpan<byte> message = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        bool isPacked = _isGrpc ? message[0] != 0 : content.Headers.ContentEncoding.Count > 0;
        if (_isGrpc)
            message = message[GrpcPrefix..];
        if (isPacked)
            message = Unpack(message);

        // What cannot become small enough is sent as it is; the receiver's answer decides.
        byte[] body = SpanShortener.TryShorten(message, maxBytes, out byte[] shortened) ? shortened : message.ToArray();
        if (_isGrpc)
        {
            byte[] framed = new byte[GrpcPrefix + body.Length];
            BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)body.Length);
            body.CopyTo(framed, GrpcPrefix);
            body = framed;
        }

        ByteArrayContent result = new(body);
        result.Headers.ContentType = content.Headers.ContentType;
        return result;
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        using MemoryStream unpacked = new();
        using (GZipStream zip = new(new MemoryStream(packed.ToArray()), CompressionMode.Decompress))
            zip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    // The exporter reads the body, too.
    private HttpResponseMessage Read(HttpRequestMessage request, HttpResponseMessage response, byte[] body)
    {
        ByteArrayContent content = new(body);
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
            content.Headers.TryAddWithoutValidation(name, values);
        response.Content = content;
        Last = _reader.Read(response, body, request.RequestUri!, _isGrpc);
        return response;
    }

    private void Failed(HttpRequestMessage request, Exception exception) =>
        Last = OtlpResponseReader.Read(exception, request.RequestUri!, _isGrpc, _client.Timeout);
}
