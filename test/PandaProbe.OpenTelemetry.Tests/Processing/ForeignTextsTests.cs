using System.Diagnostics;
using Google.Protobuf;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;

namespace PandaProbe.Processing;

/// <summary>What other libraries record beside content: statuses, exceptions, events, links, attributes that nobody knows.</summary>
[Collection(ProcessWide.Name)]
public sealed class ForeignTextsTests
{
    private const string Planted = "planted";

    public static TheoryData<bool, string> Ways
    {
        get
        {
            TheoryData<bool, string> ways = [];
            foreach (bool grpc in new[] { false, true })
            {
                foreach (string way in new[] { "content off", "redactor", "throwing redactor" })
                    ways.Add(grpc, way);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Nothing_of_them_leaves_as_it_is_over_OTLP_or_through_an_exporter_of_the_application(bool grpc, string way)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        TextExporter other = new();
        using (SpanRecording recording = new(
            options =>
            {
                options.Export = ProbeExport.Otlp;
                options.Safety = null;
                options.Otlp.Configure = otlp => (otlp.Protocol, otlp.Endpoint) = grpc
                    ? (OtlpExportProtocol.Grpc, receiver.GrpcEndpoint)
                    : (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.HttpEndpoint, "v1/traces"));
                options.CaptureContent = way != "content off";
                options.Redact = way switch
                {
                    "redactor" => static text => text.Replace(Planted, "[gone]", StringComparison.Ordinal),
                    "throwing redactor" => static text => throw new InvalidOperationException(text),
                    _ => null,
                };
            },
            tracing => tracing.AddSource(source.Name).AddProcessor(new SimpleActivityExportProcessor(other))))
        {
            Record(source);
            recording.Provider.ForceFlush().ShouldBeTrue();
        }

        Span span = receiver.Span("call");
        span.ToByteString().ToStringUtf8().ShouldNotContain(Planted);
        other.Text.ShouldNotContain(Planted);
        span.Status.Code.ShouldBe(OpenTelemetry.Proto.Trace.V1.Status.Types.StatusCode.Error);
        span.Events.Select(recorded => recorded.Name).ShouldBe(["gen_ai.content.prompt", "exception", "gen_ai.user.message"]);
        span.Events[1].Tag("exception.type").ShouldBe("System.FormatException");
        span.Tag("vector").ShouldBe(new object[] { 1.0, 2.0 });
        span.Tag("gen_ai.request.model").ShouldBe("gpt");
        span.Links.ShouldHaveSingleItem();
        string rest = way switch { "redactor" => "[gone]", "throwing redactor" => "[redaction failed]", _ => "" };
        (span.Tag("nobody.knows.this") as string ?? "").ShouldBe(way == "redactor" ? "a [gone]" : rest);
        span.ToByteString().ToStringUtf8().Contains(rest).ShouldBeTrue();

        // The span of the request has the same exception, and attributes of its own.
        Span request = receiver.Span("GET");
        request.Tag("tenant").ShouldBe("acme");
        request.ToByteString().ToStringUtf8().ShouldNotContain(Planted);
    }

    [Fact]
    public void Without_a_policy_they_leave_as_they_are()
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        TextExporter other = new();
        using SpanRecording recording = new(
            static options => options.Safety = null,
            tracing => tracing.AddSource(source.Name).AddProcessor(new SimpleActivityExportProcessor(other)));
        Record(source);

        other.Text.Split(Planted).Length.ShouldBeGreaterThan(9);
    }

    [Fact]
    public void An_exception_of_the_applications_own_spans_keeps_its_type_and_its_frames_without_content()
    {
        using SpanRecording recording = new(static options => options.CaptureContent = false);
        Should.Throw<FormatException>(static () =>
        {
            using SpanScope span = Probe.StartSpan("fails");
            throw new FormatException(Planted);
        });
        using (SpanScope says = Probe.StartSpan("says"))
            says.SetError(Planted);

        Activity failed = recording.Span("fails");
        failed.StatusDescription.ShouldBe("System.FormatException");
        ActivityEvent exception = failed.Exceptions().ShouldHaveSingleItem();
        exception.Tags.ShouldContain(tag => tag.Key == "exception.type" && (string)tag.Value! == "System.FormatException");
        exception.Tags.ShouldNotContain(tag => tag.Value!.ToString()!.Contains(Planted));
        recording.Span("says").StatusDescription.ShouldBe("error");
    }

    private static void Record(ActivitySource source)
    {
        using Activity? request = source.StartActivity("GET");
        request!.SetTag("tenant", "acme");
        using (Activity? call = source.StartActivity(
            "call", ActivityKind.Client, request.Context,
            [new("gen_ai.operation.name", "chat"), new("gen_ai.request.model", "gpt")],
            [new(new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default), new() { { "note", "a " + Planted } })]))
        {
            call!.SetTag("nobody.knows.this", "a " + Planted);
            call.SetTag("list", new[] { Planted });
            call.SetTag("mixed", new object[] { 1, Planted });
            call.SetTag("json", $$"""{"a":"{{Planted}}"}""");
            call.SetTag("vector", new[] { 1.0, 2.0 });
            call.AddEvent(new("gen_ai.content.prompt", tags: new() { { "gen_ai.prompt", "a " + Planted } }));
            call.AddException(new FormatException("cannot read " + Planted));
            call.AddEvent(new("gen_ai.user.message", tags: new() { { "content", "a " + Planted }, { "id", 7 } }));
            call.SetStatus(ActivityStatusCode.Error, "cannot read " + Planted);
        }

        request.AddException(new FormatException("cannot read " + Planted));
        request.SetStatus(ActivityStatusCode.Error, "cannot read " + Planted);
    }
}
