using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Benchmarks;

/// <summary>
/// Requests as the official exporter sends them: 512 spans of about 2.7 KB. A mark in ids and texts is replaced before each sending, so
/// that no two requests have a trace or a message in common, and the client needs next to no time of the processors that it shares with the
/// viewer.
/// </summary>
internal sealed class RecordedRequest
{
    public const int Spans = 512;
    private const int SpansOfTrace = 8;

    private static readonly byte[] Mark = "@@MARKER"u8.ToArray();

    private readonly int[] _marks;

    public RecordedRequest(int seed)
    {
        Bytes = Make(new Random(seed)).ToByteArray();
        List<int> marks = [];
        for (int at = 0; (at = Bytes.AsSpan(at).IndexOf(Mark) is >= 0 and int next ? at + next : -1) >= 0; at += Mark.Length)
            marks.Add(at);
        _marks = [.. marks];
    }

    public byte[] Bytes { get; }

    public static double AverageSpan { get; private set; }

    public void Renew(Random random)
    {
        Span<byte> mark = stackalloc byte[8];
        for (int i = 0; i < mark.Length; i++)
            mark[i] = (byte)random.Next('a', 'z');
        foreach (int at in _marks)
            mark.CopyTo(Bytes.AsSpan(at));
    }

    public static ExportTraceServiceRequest Make(Random random)
    {
        ScopeSpans scope = new() { Scope = new InstrumentationScope { Name = "Experimental.Microsoft.Extensions.AI", Version = "1.0" } };
        for (int trace = 0; trace < Spans / SpansOfTrace; trace++)
        {
            byte[] id = [.. Mark, .. BitConverter.GetBytes(((long)random.Next() << 16) + trace)];
            ulong start = 1_763_700_000_000_000_000UL + (ulong)random.NextInt64(1_000_000_000_000);
            for (int i = SpansOfTrace - 1; i >= 0; i--)
                scope.Spans.Add(MakeSpan(random, id, i, start));
        }

        ResourceSpans resource = new() { Resource = new Resource(), ScopeSpans = { scope } };
        resource.Resource.Attributes.Add(Text("service.name", "shop"));
        AverageSpan = scope.Spans.Average(static span => span.CalculateSize());
        return new() { ResourceSpans = { resource } };
    }

    private static Span MakeSpan(Random random, byte[] trace, int index, ulong start)
    {
        Span span = new()
        {
            TraceId = ByteString.CopyFrom(trace),
            SpanId = ByteString.CopyFrom([(byte)(index + 1), 1, 2, 3, 4, 5, 6, 7]),
            ParentSpanId = index == 0 ? ByteString.Empty : ByteString.CopyFrom([1, 1, 2, 3, 4, 5, 6, 7]),
            Name = index == 0 ? "invoke_agent support" : "chat gpt-5.4",
            StartTimeUnixNano = start + ((ulong)index * 100_000_000),
            EndTimeUnixNano = start + ((ulong)index * 100_000_000) + 90_000_000,
            Kind = Span.Types.SpanKind.Client,
        };
        span.Attributes.Add(Text("gen_ai.operation.name", index == 0 ? "invoke_agent" : "chat"));
        span.Attributes.Add(Text("gen_ai.provider.name", "openai"));
        span.Attributes.Add(Text("gen_ai.request.model", "gpt-5.4"));
        span.Attributes.Add(Text("gen_ai.response.model", "gpt-5.4-2026-03-01"));
        span.Attributes.Add(Text("gen_ai.response.id", $"chatcmpl-{random.NextInt64():x16}"));
        span.Attributes.Add(Text("gen_ai.conversation.id", $"conversation-@@MARKER-{random.Next(8)}"));
        span.Attributes.Add(Text("user.id", $"user-{random.Next(100)}"));
        span.Attributes.Add(Number("gen_ai.usage.input_tokens", random.Next(4000)));
        span.Attributes.Add(Number("gen_ai.usage.output_tokens", random.Next(400)));
        span.Attributes.Add(Number("gen_ai.usage.cache_read.input_tokens", random.Next(100)));
        span.Attributes.Add(Text(
            "gen_ai.input.messages", $"[{Message(random, "system", 500)},{Message(random, "user", 450)},{Message(random, "user", 450)}]"));
        span.Attributes.Add(Text("gen_ai.output.messages", $"[{Message(random, "assistant", 450)}]"));
        return span;
    }

    private static string Message(Random random, string role, int length)
    {
        Span<char> text = new char[length];
        for (int i = 0; i < length; i++)
            text[i] = random.Next(6) == 0 ? ' ' : (char)random.Next('a', 'z');
        return $$"""{"role":"{{role}}","parts":[{"type":"text","content":"@@MARKER {{text}}"}]}""";
    }

    private static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    private static KeyValue Number(string key, long value) => new() { Key = key, Value = new AnyValue { IntValue = value } };
}
