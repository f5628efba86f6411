using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using PandaProbe.Export.Otlp;
using PandaProbe.Export.Outcomes;
using PandaProbe.Tests.Export;

namespace PandaProbe.Otlp;

/// <summary>What each answer of a receiver means, and the sentence about it, in which @ is the address.</summary>
public sealed class OtlpResponseTests
{
    private const string Ports = "4317 is gRPC, 4318 is http/protobuf (OTEL_EXPORTER_OTLP_PROTOCOL)";
    private const string Credentials = "check OTEL_EXPORTER_OTLP_HEADERS or options.Otlp.Configure.";

    private static readonly Uri Address = new("http://user:secret@collector:4318/v1/traces?key=secret");

    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(199, null, "Rejected refused", "@ refuses a request (199).")]
    [InlineData(200, null, "Accepted", null)]
    [InlineData(299, null, "Accepted", null)]
    [InlineData(300, null, "Rejected redirected", "@ answers with a redirect (300): set OTEL_EXPORTER_OTLP_ENDPOINT to its target.")]
    [InlineData(399, "why", "Rejected redirected", "@ answers with a redirect (399): set OTEL_EXPORTER_OTLP_ENDPOINT to its target.")]
    [InlineData(400, null, "Rejected invalid", "@ finds a request invalid (400).")]
    [InlineData(400, "span id is empty", "Rejected invalid", "@ finds a request invalid (400): \"span id is empty\"")]
    [InlineData(400, "body too large", "TooLarge too_large", "@ finds a request too large (400): \"body too large\"")]
    [InlineData(400, "An HTTP/2 only endpoint", "Rejected invalid", "The port of @ speaks HTTP/2 only: " + Ports + ".")]
    [InlineData(401, "why", "Rejected unauthorized", "@ asks for other credentials (401): " + Credentials)]
    [InlineData(402, "pay", "Rejected refused", "@ refuses a request (402): \"pay\"")]
    [InlineData(403, "why", "Rejected forbidden", "The credentials may not write to @ (403): " + Credentials)]
    [InlineData(404, "why", "Rejected not_found", "@ is no receiver of traces (404): the path for http/protobuf is usually /v1/traces.")]
    [InlineData(413, "why", "TooLarge too_large", "@ finds a request too large (413).")]
    [InlineData(429, "why", "Limited", "@ asks for fewer requests (429).")]
    [InlineData(500, null, "Rejected refused", "@ refuses a request (500).")]
    [InlineData(501, null, "Rejected refused", "@ refuses a request (501).")]
    [InlineData(502, null, "Unavailable", "@ is not available (502).")]
    [InlineData(503, "shutting down", "Unavailable", "@ is not available (503): \"shutting down\"")]
    [InlineData(504, null, "Unavailable", "@ is not available (504).")]
    [InlineData(505, null, "Rejected refused", "@ refuses a request (505).")]
    public void A_status_of_HTTP_means(int status, string? reason, string kind, string? detail)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status);
        OtlpResponse read = Read(response, reason is null ? [] : Collector.RpcStatus(3, reason));

        Shown(read.Answer).ShouldBe((kind, detail?.Replace("@", "http://collector:4318/v1/traces")));
        read.Answer.Status.ShouldBe(kind == "Accepted" ? null : status);
    }

    [Theory]
    [InlineData(0, "why", "Accepted", null)]
    [InlineData(1, "why", "Unavailable", "@ is not available (Cancelled, gRPC 1): \"why\"")]
    [InlineData(2, "why", "Rejected refused", "@ refuses a request (Unknown, gRPC 2): \"why\"")]
    [InlineData(3, null, "Rejected invalid", "@ finds a request invalid (InvalidArgument, gRPC 3).")]
    [InlineData(3, "too%20large", "Rejected invalid", "@ finds a request invalid (InvalidArgument, gRPC 3): \"too large\"")]
    [InlineData(4, "why", "Unavailable", "@ is not available (DeadlineExceeded, gRPC 4): \"why\"")]
    [InlineData(5, "why", "Rejected not_found",
        "@ is no receiver of traces (NotFound, gRPC 5): check the address and whether its traces pipeline is on.")]
    [InlineData(7, "why", "Rejected forbidden", "The credentials may not write to @ (PermissionDenied, gRPC 7): " + Credentials)]
    [InlineData(8, "memory", "Limited", "@ asks for fewer requests (ResourceExhausted, gRPC 8): \"memory\"")]
    [InlineData(8, "larger than max", "TooLarge too_large", "@ finds a request too large (ResourceExhausted, gRPC 8): \"larger than max\"")]
    [InlineData(10, "why", "Unavailable", "@ is not available (Aborted, gRPC 10): \"why\"")]
    [InlineData(11, "why", "Unavailable", "@ is not available (OutOfRange, gRPC 11): \"why\"")]
    [InlineData(11, "the limit is 4", "TooLarge too_large", "@ finds a request too large (OutOfRange, gRPC 11): \"the limit is 4\"")]
    [InlineData(12, "why", "Rejected not_found",
        "@ is no receiver of traces (Unimplemented, gRPC 12): check the address and whether its traces pipeline is on.")]
    [InlineData(13, "why", "Rejected refused", "@ refuses a request (Internal, gRPC 13): \"why\"")]
    [InlineData(14, "why", "Unavailable", "@ is not available (Unavailable, gRPC 14): \"why\"")]
    [InlineData(15, "why", "Unavailable", "@ is not available (DataLoss, gRPC 15): \"why\"")]
    [InlineData(16, "why", "Rejected unauthorized", "@ asks for other credentials (Unauthenticated, gRPC 16): " + Credentials)]
    [InlineData(99, null, "Rejected refused", "@ refuses a request (an unknown status, gRPC 99).")]
    [InlineData(null, "why", "Unavailable", "@ does not answer in gRPC: " + Ports + ".")]
    public void A_status_of_gRPC_means(int? code, string? reason, string kind, string? detail)
    {
        foreach (bool trailing in new[] { true, false })
        {
            using HttpResponseMessage response = new();
            HttpHeaders headers = trailing ? response.TrailingHeaders : response.Headers;
            if (code is { } known)
                headers.Add("grpc-status", known.ToString());
            if (reason is not null)
                headers.Add("grpc-message", reason);

            Shown(Read(response, [], isGrpc: true).Answer).ShouldBe((kind, detail?.Replace("@", "http://collector:4318")));
        }
    }

    [Theory]
    [InlineData(null, "why  it\n failed", "why it failed")]
    [InlineData("text/plain", "why", "why")]
    [InlineData("application/json", "{}", "{}")]
    [InlineData("text/html", "<html>", null)]
    [InlineData("text/plain", " ", null)]
    public void Plain_text_is_quoted_in_one_line(string? type, string body, string? quoted)
    {
        using HttpResponseMessage response = new(HttpStatusCode.PaymentRequired) { Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = type is null ? null : new(type);

        Read(response, Encoding.UTF8.GetBytes(body)).Answer.Detail!
            .ShouldEndWith(quoted is null ? "(402)." : $"(402): \"{quoted}\"");
    }

    [Theory]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    public void A_quotation_has_at_most_300_characters(int given, int quoted)
    {
        using HttpResponseMessage response = new(HttpStatusCode.PaymentRequired);

        Read(response, Collector.RpcStatus(3, new string('w', given))).Answer.Detail!
            .ShouldEndWith($": \"{new string('w', quoted)}{(given > quoted ? "…" : "")}\"");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1500)]
    public void A_delay_in_the_details_of_gRPC_makes_it_a_limit_whatever_the_message(int milliseconds)
    {
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        string details = Convert.ToBase64String(Collector.RpcStatus(8, "too large now", delay));
        foreach (string text in new[] { details, details.TrimEnd('=') })
        {
            using HttpResponseMessage response = new();
            response.TrailingHeaders.Add("grpc-status", "8");
            response.TrailingHeaders.Add("grpc-message", "another");
            response.TrailingHeaders.Add("grpc-status-details-bin", text);

            Answer answer = Read(response, [], isGrpc: true).Answer;
            (answer.Kind, answer.RetryAfter).ShouldBe((AnswerKind.Limited, delay));
            answer.Detail!.ShouldEndWith(": \"too large now\"");
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void A_header_says_when_to_come_back(int status)
    {
        RetryAfter(new(TimeSpan.FromSeconds(7))).ShouldBe(TimeSpan.FromSeconds(7));
        RetryAfter(new(_time.GetUtcNow().AddSeconds(7))).ShouldBe(TimeSpan.FromSeconds(7));
        RetryAfter(null).ShouldBeNull();

        TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
        {
            using HttpResponseMessage response = new((HttpStatusCode)status);
            response.Headers.RetryAfter = header;
            return Read(response, []).Answer.RetryAfter;
        }
    }

    [Theory]
    [InlineData("", 0, null)]
    [InlineData("0A00", 0, null)]
    [InlineData("0A02 0803", 3, null)]
    [InlineData("0A06 0803 1202 6869", 3, "hi")]
    [InlineData("0A04 1202 6869", 0, "hi")]
    [InlineData("1202 0803 0A02 0805", 5, null)]
    public void A_partial_success_tells_how_many_spans_were_left_out_and_why(string hex, long rejected, string? message)
    {
        byte[] body = Convert.FromHexString(hex.Replace(" ", ""));
        using HttpResponseMessage http = new();
        using HttpResponseMessage grpc = new();
        grpc.TrailingHeaders.Add("grpc-status", "0");

        OtlpResponse[] read = [Read(http, body), Read(grpc, [0, 0, 0, 0, (byte)body.Length, .. body], isGrpc: true)];
        read.ShouldAllBe(response => response.Answer.Kind == AnswerKind.Accepted && response.Rejected == rejected
            && response.Message == message);
    }

    [Theory]
    [InlineData(HttpRequestError.SecureConnectionError, null, false,
        "There is no secure connection to @: inner Without TLS, write http:// and not https://.")]
    [InlineData(HttpRequestError.NameResolutionError, null, false, "@ cannot be reached: its name is not known (outer).")]
    [InlineData(HttpRequestError.ConnectionError, SocketError.ConnectionRefused, false,
        "@ cannot be reached: Connection refused. Is the collector running? " + Ports + ".")]
    [InlineData(HttpRequestError.InvalidResponse, null, true, "The port of @ speaks HTTP/1.1 and not gRPC: " + Ports + ".")]
    [InlineData(HttpRequestError.HttpProtocolError, null, true, "The port of @ speaks HTTP/1.1 and not gRPC: " + Ports + ".")]
    [InlineData(HttpRequestError.VersionNegotiationError, null, false, "The port of @ does not speak HTTP/1.1, perhaps gRPC: " + Ports
        + ".")]
    [InlineData(HttpRequestError.ResponseEnded, null, false, "The port of @ does not speak HTTP/1.1, perhaps gRPC: " + Ports + ".")]
    [InlineData(HttpRequestError.Unknown, null, false, "@ cannot be reached: inner")]
    public void Without_an_answer_the_exception_says_why(HttpRequestError error, SocketError? socket, bool isGrpc, string detail)
    {
        Exception inner = socket is { } code ? new SocketException((int)code) : new InvalidOperationException("inner");
        HttpRequestException exception = new(error, "outer", inner);

        Answer answer = OtlpResponseReader.Read(exception, Address, isGrpc, TimeSpan.FromSeconds(1)).Answer;
        answer.Kind.ShouldBe(AnswerKind.Unavailable);
        answer.Exception.ShouldBeSameAs(exception);
        answer.Detail.ShouldBe(detail.Replace("@", isGrpc ? "http://collector:4318" : "http://collector:4318/v1/traces"));
    }

    [Fact]
    public void Other_failures_are_told_by_their_message()
    {
        SocketException reset = new((int)SocketError.ConnectionReset);

        Detail(new HttpRequestException("outer", reset)).ShouldBe($"http://collector:4318 cannot be reached: {reset.Message}.");
        Detail(new HttpRequestException("outer")).ShouldBe("http://collector:4318 cannot be reached: outer");
        Detail(new TaskCanceledException())
            .ShouldBe("http://collector:4318 did not answer within 1.5 seconds (OTEL_EXPORTER_OTLP_TIMEOUT).");

        static string? Detail(Exception exception) =>
            OtlpResponseReader.Read(exception, Address, isGrpc: true, TimeSpan.FromSeconds(1.5)).Answer.Detail;
    }

    private static (string Kind, string? Detail) Shown(Answer answer) => ($"{answer.Kind} {answer.Reason}".Trim(), answer.Detail);

    private OtlpResponse Read(HttpResponseMessage response, byte[] body, bool isGrpc = false) =>
        new OtlpResponseReader(_time).Read(response, body, Address, isGrpc);
}
