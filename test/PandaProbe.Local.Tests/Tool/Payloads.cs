using System.Net.Http.Headers;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>Requests made by hand, for what no exporter would send.</summary>
internal static class Payloads
{
    public const ulong Start = 1_763_700_000_000_000_000;

    public static ExportTraceServiceRequest Trace(string id, int spans, string? session = null)
    {
        List<Span> list = [];
        for (int i = 0; i < spans; i++)
            list.Add(Span(id, i + 1, i == 0 ? 0 : 1, session is null ? [] : [("session.id", session)]));
        return Request(list);
    }

    public static Span Span(string trace, long id, long parent, params (string Key, object Value)[] attributes)
    {
        Span span = new()
        {
            TraceId = ByteString.CopyFrom(Convert.FromHexString(trace)),
            SpanId = Id(id),
            ParentSpanId = parent == 0 ? ByteString.Empty : Id(parent),
            Name = $"span {id}",
            StartTimeUnixNano = Start + (ulong)id,
            EndTimeUnixNano = Start + (ulong)id + 1_000_000,
        };
        foreach ((string key, object value) in attributes)
        {
            span.Attributes.Add(new KeyValue
            {
                Key = key,
                Value = value is int number
                ? new() { IntValue = number } : new() { StringValue = (string)value }
            });
        }

        return span;
    }

    public static ExportTraceServiceRequest Request(params IEnumerable<Span> spans)
    {
        ScopeSpans scope = new();
        scope.Spans.AddRange(spans);
        return new() { ResourceSpans = { new ResourceSpans { ScopeSpans = { scope } } } };
    }

    public static async Task<ExportTraceServiceResponse> SendAsync(RunningTool tool, ExportTraceServiceRequest request)
    {
        using ByteArrayContent content = new(request.ToByteArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using HttpResponseMessage response = await tool.Client.PostAsync("/v1/traces", content);
        response.EnsureSuccessStatusCode();
        return ExportTraceServiceResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync());
    }

    private static ByteString Id(long id) => ByteString.CopyFrom(Convert.FromHexString($"{id:x16}"));
}
