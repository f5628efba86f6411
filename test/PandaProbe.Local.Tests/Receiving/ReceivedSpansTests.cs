using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Tests.Tool;

namespace PandaProbe.Local.Tests.Receiving;

public sealed class ReceivedSpansTests
{
    private static readonly string TraceId = new('1', 32);

    private static ExportTraceServiceRequest Request => new()
    {
        ResourceSpans =
        {
            new ResourceSpans { Resource = new Resource { DroppedAttributesCount = 3 }, SchemaUrl = "s" },
            new ResourceSpans
            {
                Resource = new Resource { Attributes = { new KeyValue { Key = "service.name", Value = new() { StringValue = "shop" } } } },
                ScopeSpans =
                {
                    new ScopeSpans
                    {
                        SchemaUrl = "x", Scope = new InstrumentationScope { Name = "ai" },
                        Spans = { Payloads.Span(TraceId, 1, 0, ("a", new string('x', 300))), Payloads.Span(TraceId, 2, 1) },
                    },
                    new ScopeSpans(),
                    new ScopeSpans { Spans = { Payloads.Span(TraceId, 3, 1, ("n", 5)) } },
                },
            },
            new ResourceSpans { SchemaUrl = "t", ScopeSpans = { new ScopeSpans { Spans = { new Span() } } } },
        },
    };

    [Fact]
    public void Spans_resources_and_scopes_are_those_of_the_request() => Read(Request.ToByteArray()).ShouldBe(Expected(Request));

    [Fact]
    public void A_resource_may_stand_behind_its_spans_and_come_in_parts()
    {
        // Protobuf puts parts of a message together, in whichever order they stand.
        ResourceSpans[] parts =
        [
            new() { ScopeSpans = { Request.ResourceSpans[1].ScopeSpans[0] } },
            new() { Resource = new Resource { DroppedAttributesCount = 3 }, SchemaUrl = "s" },
            new() { Resource = Request.ResourceSpans[1].Resource },
        ];
        byte[] bytes = [.. parts.SelectMany(static part => part.ToByteArray())];
        byte[] request = [.. Field(1, bytes)];
        Read(request).ShouldBe(Expected(ExportTraceServiceRequest.Parser.ParseFrom(request)));
    }

    [Fact]
    public void Fields_that_nobody_knows_are_passed_over()
    {
        byte[] unknown = [.. Field(77, [1, 2, 3]), 0x80 | 16, 5, 1, 0x80 | 9, 5, 1, 2, 3, 4, 5, 6, 7, 8, 0x80 | 13, 5, 1, 2, 3, 4];
        byte[] request = [.. unknown, .. Field(1, [.. unknown, .. Request.ResourceSpans[1].ToByteArray()])];
        Read(request).ShouldBe(Expected(ExportTraceServiceRequest.Parser.ParseFrom(request)));
    }

    [Fact]
    public void A_request_that_is_cut_off_is_refused_where_the_generated_parser_refuses_it()
    {
        byte[] bytes = Request.ToByteArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] cut = bytes[..length];
            IsRead(() => Read(cut)).ShouldBe(IsRead(() => ExportTraceServiceRequest.Parser.ParseFrom(cut)), $"{length} bytes");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x0b })]
    [InlineData(new byte[] { 0x0f, 1 })]
    [InlineData(new byte[] { 0x09, 1, 2, 3 })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x0a, 0x02, 0x12, 0x05 })]
    public void Bytes_that_are_no_request_are_refused(byte[] bytes) =>
        Should.Throw<InvalidDataException>(() => ReceivedSpans.Read(bytes));

    /// <summary>Returns each span with what it has in common with others.</summary>
    private static List<(Span, Resource?, string, InstrumentationScope?, string)> Read(byte[] bytes) =>
    [
        .. ReceivedSpans.Read(bytes).SelectMany(scope => scope.Spans.Select(range => (
            Span.Parser.ParseFrom(bytes.AsSpan(range)), scope.Resource, scope.ResourceSchema, (InstrumentationScope?)scope.Scope.Scope,
            scope.Scope.SchemaUrl))),
    ];

    private static List<(Span, Resource?, string, InstrumentationScope?, string)> Expected(ExportTraceServiceRequest request) =>
    [
        .. from resource in request.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select (span, (Resource?)resource.Resource, resource.SchemaUrl, (InstrumentationScope?)scope.Scope, scope.SchemaUrl),
    ];

    private static bool IsRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static byte[] Field(int number, byte[] content)
    {
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return stream.ToArray();
    }
}
