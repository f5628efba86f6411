using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// Says what a response of an OTLP receiver, or an exception in its place, means for the request, by the rules of
/// <see href="https://opentelemetry.io/docs/specs/otlp/#failures">OTLP</see>, with a sentence that tells people what to do.
/// </summary>
internal sealed class OtlpResponseReader(TimeProvider time)
{
    private const int LongestMessage = 300;
    private const int GrpcPrefix = 5;
    private const string Ports = "4317 is gRPC, 4318 is http/protobuf (OTEL_EXPORTER_OTLP_PROTOCOL)";

    public OtlpResponse Read(HttpResponseMessage response, byte[] body, Uri address, bool isGrpc)
    {
        string shown = Shown(address, isGrpc);
        int status = (int)response.StatusCode;
        if (status == 200 && isGrpc)
            return ReadGrpc(response, body, shown);
        if (status is >= 200 and < 300)
            return Accepted(isGrpc ? default : body);

        TimeSpan? retryAfter = RetryAfter(response.Headers.RetryAfter);
        string? reason = Text(StatusMessage(body, out _)) ?? PlainText(response, body);
        string because = reason is null ? "." : $": \"{reason}\"";
        return new(status switch
        {
            // The HTTP receiver of the collector answers 400 to a body beyond its limit, not 413.
            413 => TooLarge(status, $"{shown} finds a request too large (413)."),
            400 when IsAboutSize(reason) => TooLarge(status, $"{shown} finds a request too large (400){because}"),
            429 => new(AnswerKind.Limited, status, retryAfter, Detail: $"{shown} asks for fewer requests (429)."),
            502 or 503 or 504 => new(AnswerKind.Unavailable, status, retryAfter, Detail: $"{shown} is not available ({status}){because}"),
            400 when reason?.Contains("HTTP/2", StringComparison.Ordinal) == true =>
                Refused(status, DropReasons.Invalid, $"The port of {shown} speaks HTTP/2 only: {Ports}."),
            400 => Refused(status, DropReasons.Invalid, $"{shown} finds a request invalid (400){because}"),
            401 => Refused(
                status, DropReasons.Unauthorized,
            $"{shown} asks for other credentials (401): check OTEL_EXPORTER_OTLP_HEADERS or options.Otlp.Configure."),
            403 => Refused(
                status, DropReasons.Forbidden,
            $"The credentials may not write to {shown} (403): check OTEL_EXPORTER_OTLP_HEADERS or options.Otlp.Configure."),
            404 => Refused(
                status, DropReasons.NotFound,
            isGrpc
                ? $"{shown} is no gRPC receiver of traces (404): {Ports}."
                : $"{shown} is no receiver of traces (404): the path for http/protobuf is usually /v1/traces."),
            >= 300 and < 400 => Refused(
                status, DropReasons.Redirected, $"{shown} answers with a redirect ({status}): set OTEL_EXPORTER_OTLP_ENDPOINT to its target."),
            _ => Refused(status, DropReasons.Refused, $"{shown} refuses a request ({status}){because}"),
        });
    }

    /// <summary>Says why there was no response.</summary>
    public static OtlpResponse Read(Exception exception, Uri address, bool isGrpc, TimeSpan timeout)
    {
        string shown = Shown(address, isGrpc);
        string why = exception switch
        {
            OperationCanceledException => $"{shown} did not answer within {timeout.TotalSeconds:0.#} seconds (OTEL_EXPORTER_OTLP_TIMEOUT).",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                $"There is no secure connection to {shown}: {exception.InnerException?.Message ?? exception.Message} Without TLS, write http:// and not https://.",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                $"{shown} cannot be reached: its name is not known ({exception.Message}).",
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
                $"{shown} cannot be reached: Connection refused. Is the collector running? {Ports}.",
            HttpRequestException { InnerException: SocketException socket } => $"{shown} cannot be reached: {socket.Message}.",
            HttpRequestException { HttpRequestError: var error } when isGrpc && IsOtherProtocol(error) =>
                $"The port of {shown} speaks HTTP/1.1 and not gRPC: {Ports}.",
            HttpRequestException { HttpRequestError: var error } when IsOtherProtocol(error) =>
                $"The port of {shown} does not speak HTTP/1.1, perhaps gRPC: {Ports}.",
            _ => $"{shown} cannot be reached: {exception.InnerException?.Message ?? exception.Message}",
        };
        return new(new(AnswerKind.Unavailable, Detail: why, Exception: exception));
    }

    /// <summary>An address as messages show it: without user, password and query, and over gRPC without the name of the service.</summary>
    public static string Shown(Uri address, bool isGrpc) => address.GetComponents(
        isGrpc ? UriComponents.SchemeAndServer : UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static OtlpResponse ReadGrpc(HttpResponseMessage response, byte[] body, string shown)
    {
        if (!int.TryParse(Header(response, "grpc-status"), CultureInfo.InvariantCulture, out int code))
        {
            return new(new(
                AnswerKind.Unavailable, Detail: $"{shown} does not answer in gRPC: {Ports}."));
        }

        if (code == (int)GrpcStatus.Ok)
            return Accepted(body.Length > GrpcPrefix ? body.AsSpan(GrpcPrefix) : default);

        byte[] details = Base64(Header(response, "grpc-status-details-bin"));
        string? reason = Text(StatusMessage(details, out TimeSpan? retryAfter))
            ?? Text(Uri.UnescapeDataString(Header(response, "grpc-message") ?? ""));
        string because = reason is null ? "." : $": \"{reason}\"";
        string name = Enum.IsDefined((GrpcStatus)code) ? ((GrpcStatus)code).ToString() : "an unknown status";
        string said = $"({name}, gRPC {code})";
        return new((GrpcStatus)code switch
        {
            // Go and .NET answer RESOURCE_EXHAUSTED to a message beyond their limit, Rust answers OUT_OF_RANGE.
            GrpcStatus.ResourceExhausted or GrpcStatus.OutOfRange when retryAfter is null && IsAboutSize(reason) =>
                TooLarge(code, $"{shown} finds a request too large {said}{because}"),
            GrpcStatus.ResourceExhausted =>
                new(AnswerKind.Limited, code, retryAfter, Detail: $"{shown} asks for fewer requests {said}{because}"),
            GrpcStatus.Cancelled or GrpcStatus.DeadlineExceeded or GrpcStatus.Aborted or GrpcStatus.OutOfRange or GrpcStatus.Unavailable
                or GrpcStatus.DataLoss =>
                    new(AnswerKind.Unavailable, code, retryAfter, Detail: $"{shown} is not available {said}{because}"),
            GrpcStatus.Unauthenticated => Refused(
                code, DropReasons.Unauthorized,
            $"{shown} asks for other credentials {said}: check OTEL_EXPORTER_OTLP_HEADERS or options.Otlp.Configure."),
            GrpcStatus.PermissionDenied => Refused(
                code, DropReasons.Forbidden,
            $"The credentials may not write to {shown} {said}: check OTEL_EXPORTER_OTLP_HEADERS or options.Otlp.Configure."),
            GrpcStatus.NotFound or GrpcStatus.Unimplemented => Refused(
                code, DropReasons.NotFound,
            $"{shown} is no receiver of traces {said}: check the address and whether its traces pipeline is on."),
            GrpcStatus.InvalidArgument => Refused(code, DropReasons.Invalid, $"{shown} finds a request invalid {said}{because}"),
            _ => Refused(code, DropReasons.Refused, $"{shown} refuses a request {said}{because}"),
        });
    }

    private static OtlpResponse Accepted(ReadOnlySpan<byte> body)
    {
        const int PartialSuccess = 1;
        const int RejectedSpans = 1;
        const int ErrorMessage = 2;
        long rejected = 0;
        string? message = null;
        ProtobufReader fields = new(body);
        while (fields.Next())
        {
            if (fields.Field != PartialSuccess)
                continue;

            ProtobufReader partial = new(fields.Bytes);
            while (partial.Next())
            {
                if (partial.Field == RejectedSpans)
                    rejected = Math.Max(0, partial.Number);
                else if (partial.Field == ErrorMessage)
                    message = Encoding.UTF8.GetString(partial.Bytes);
            }
        }

        return new(new(AnswerKind.Accepted), rejected, Text(message));
    }

    // google.rpc.Status, and its detail google.rpc.RetryInfo.
    private static string? StatusMessage(ReadOnlySpan<byte> status, out TimeSpan? retryAfter)
    {
        const int Message = 2;
        const int Details = 3;
        const int TypeUrl = 1;
        const int Value = 2;
        string? message = null;
        retryAfter = null;
        ProtobufReader fields = new(status);
        while (fields.Next())
        {
            if (fields.Field == Message)
            {
                message = Encoding.UTF8.GetString(fields.Bytes);
            }
            else if (fields.Field == Details)
            {
                ReadOnlySpan<byte> type = default;
                ReadOnlySpan<byte> value = default;
                ProtobufReader any = new(fields.Bytes);
                while (any.Next())
                {
                    if (any.Field == TypeUrl)
                        type = any.Bytes;
                    else if (any.Field == Value)
                        value = any.Bytes;
                }

                if (type.EndsWith("google.rpc.RetryInfo"u8))
                    retryAfter = RetryDelay(value);
            }
        }

        return message;
    }

    private static TimeSpan? RetryDelay(ReadOnlySpan<byte> retryInfo)
    {
        const int Delay = 1;
        const int Seconds = 1;
        const int Nanoseconds = 2;
        TimeSpan? delay = null;
        ProtobufReader fields = new(retryInfo);
        while (fields.Next())
        {
            if (fields.Field != Delay)
                continue;

            delay = TimeSpan.Zero;
            ProtobufReader duration = new(fields.Bytes);
            while (duration.Next())
            {
                long number = Math.Clamp(duration.Number, 0, int.MaxValue);
                if (duration.Field == Seconds)
                    delay += TimeSpan.FromSeconds(number);
                else if (duration.Field == Nanoseconds)
                    delay += TimeSpan.FromMicroseconds(number / 1000);
            }
        }

        return delay;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);

    private static Answer TooLarge(int status, string detail) =>
        new(AnswerKind.TooLarge, status, Reason: DropReasons.TooLarge, Detail: detail);

    private static Answer Refused(int status, string reason, string detail) =>
        new(AnswerKind.Rejected, status, Reason: reason, Detail: detail);

    private static bool IsOtherProtocol(HttpRequestError error) => error is HttpRequestError.InvalidResponse
        or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError or HttpRequestError.ResponseEnded;

    private static bool IsAboutSize(string? reason)
    {
        ReadOnlySpan<string> words = ["larger", "too large", "too big", "exceed", "size", "limit is"];
        foreach (string word in words)
        {
            if (reason?.Contains(word, StringComparison.OrdinalIgnoreCase) == true)
                return true;
        }

        return false;
    }

    private static string? PlainText(HttpResponseMessage response, byte[] body)
    {
        string? type = response.Content.Headers.ContentType?.MediaType;
        return type is null or "text/plain" or "application/json" ? Text(Encoding.UTF8.GetString(body)) : null;
    }

    private static string? Text(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;

        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > LongestMessage ? line[..LongestMessage] + "…" : line;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out IEnumerable<string>? trailing) ? trailing.First()
        : response.Headers.TryGetValues(name, out IEnumerable<string>? leading) ? leading.First() : null;

    private static byte[] Base64(string? text)
    {
        if (text is null)
            return [];

        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out int length) ? bytes[..length] : [];
    }
}
