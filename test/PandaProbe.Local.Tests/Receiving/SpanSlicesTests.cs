using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Tests.Tool;

namespace PandaProbe.Local.Tests.Receiving;

public sealed class SpanSlicesTests
{
    [Fact]
    public void The_bytes_of_each_span_are_found_in_the_order_of_the_request()
    {
        string id = new('1', 32);
        ExportTraceServiceRequest request = new()
        {
            ResourceSpans =
            {
                new ResourceSpans { Resource = new Resource { DroppedAttributesCount = 3 }, SchemaUrl = "s" },
                new ResourceSpans
                {
                    ScopeSpans =
                    {
                        new ScopeSpans { SchemaUrl = "x",
                            Spans = { Payloads.Span(id, 1, 0, ("a", new string('x', 300))), Payloads.Span(id, 2, 1) } },
                        new ScopeSpans(),
                        new ScopeSpans { Spans = { Payloads.Span(id, 3, 1, ("n", 5)) } },
                    },
                },
                new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { new Span() } } } },
            },
        };
        byte[] bytes = request.ToByteArray();
        SpanSlices.Find(bytes).Select(slice => Span.Parser.ParseFrom(bytes[slice])).ShouldBe(
            request.ResourceSpans.SelectMany(static resource => resource.ScopeSpans).SelectMany(static scope => scope.Spans));
        SpanSlices.Find(default).ShouldBeEmpty();
        for (int length = 0; length < bytes.Length; length++)
            SpanSlices.Find(bytes.AsSpan(0, length)).Exists(slice => slice.End.Value > length).ShouldBeFalse("a request that is cut off");
    }
}
