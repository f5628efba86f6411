using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Receiving;

namespace PandaProbe.Local.Tests.Receiving;

public sealed class OtlpJsonRoundTripTests
{
    private readonly Random _random = new(11);

    [Fact]
    public void Spans_with_any_field_come_back_as_they_were()
    {
        for (int i = 0; i < 200; i++)
        {
            ResourceSpans spans = new() { Resource = NewResource(), SchemaUrl = Text() };
            spans.ScopeSpans.Add(new ScopeSpans { Scope = NewScope(), SchemaUrl = Text(), Spans = { NewSpan(), NewSpan() } });
            spans.ScopeSpans.Add(new ScopeSpans { Spans = { new Span() } });

            byte[] json = Write(writer => OtlpJsonWriter.Write(writer, [spans]));

            OtlpJson.ReadTraces(json).ResourceSpans.ShouldHaveSingleItem().ShouldBe(spans);
        }
    }

    [Fact]
    public void Log_records_with_any_field_come_back_as_they_were()
    {
        for (int i = 0; i < 200; i++)
        {
            LogRecord record = new()
            {
                TimeUnixNano = Long(),
                ObservedTimeUnixNano = Long(),
                SeverityNumber = (SeverityNumber)_random.Next(25),
                SeverityText = Text(),
                Body = Value(0),
                DroppedAttributesCount = Int(),
                Flags = Int(),
                TraceId = Bytes(16),
                SpanId = Bytes(8),
                EventName = Text(),
            };
            record.Attributes.AddRange(Pairs(0));
            ResourceLogs logs = new()
            {
                Resource = NewResource(),
                SchemaUrl = Text(),
                ScopeLogs = { new ScopeLogs { Scope = NewScope(), LogRecords = { record } } }
            };

            byte[] json = Write(writer => OtlpJsonWriter.Write(writer, [logs]));

            OtlpJson.ReadLogs(json).ResourceLogs.ShouldHaveSingleItem().ShouldBe(logs);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private Span NewSpan()
    {
        Span span = new()
        {
            TraceId = Bytes(16),
            SpanId = Bytes(8),
            ParentSpanId = _random.Next(2) == 0 ? ByteString.Empty : Bytes(8),
            TraceState = Text(),
            Flags = Int(),
            Name = Text(),
            Kind = (Span.Types.SpanKind)_random.Next(6),
            StartTimeUnixNano = Long(),
            EndTimeUnixNano = Long(),
            DroppedAttributesCount = Int(),
            DroppedEventsCount = Int(),
            DroppedLinksCount = Int(),
            Status = _random.Next(3) == 0 ? null : new Status { Code = (Status.Types.StatusCode)_random.Next(3), Message = Text() },
        };
        span.Attributes.AddRange(Pairs(0));
        Span.Types.Event item = new() { Name = Text(), TimeUnixNano = Long(), DroppedAttributesCount = Int() };
        item.Attributes.AddRange(Pairs(0));
        span.Events.Add(item);
        Span.Types.Link link = new()
        {
            TraceId = Bytes(16),
            SpanId = Bytes(8),
            TraceState = Text(),
            Flags = Int(),
            DroppedAttributesCount = Int()
        };
        link.Attributes.AddRange(Pairs(0));
        span.Links.Add(link);
        return span;
    }

    private Resource NewResource()
    {
        Resource resource = new() { DroppedAttributesCount = Int() };
        resource.Attributes.AddRange(Pairs(0));
        return resource;
    }

    private InstrumentationScope NewScope()
    {
        InstrumentationScope scope = new() { Name = Text(), Version = Text(), DroppedAttributesCount = Int() };
        scope.Attributes.AddRange(Pairs(0));
        return scope;
    }

    private IEnumerable<KeyValue> Pairs(int depth) =>
        Enumerable.Range(0, _random.Next(4)).Select(_ => new KeyValue { Key = Text(), Value = Value(depth) }).ToArray();

    private AnyValue Value(int depth) => _random.Next(depth > 2 ? 7 : 9) switch
    {
        0 => new AnyValue { StringValue = Text() },
        1 => new AnyValue { BoolValue = _random.Next(2) == 0 },
        2 => new AnyValue { IntValue = _random.NextInt64(long.MinValue, long.MaxValue) },
        3 => new AnyValue { DoubleValue = _random.NextDouble() * Math.Pow(10, _random.Next(-300, 300)) },
        4 => new AnyValue
        {
            DoubleValue = (
            (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1])[_random.Next(5)]
        },
        5 => new AnyValue { BytesValue = Bytes(_random.Next(20)) },
        6 => new AnyValue(),
        7 => new AnyValue
        {
            ArrayValue = new ArrayValue
            {
                Values = { Enumerable.Range(0, _random.Next(3)).Select(_ => Value(depth + 1))
        .ToArray() }
            }
        },
        _ => new AnyValue { KvlistValue = new KeyValueList { Values = { Pairs(depth + 1) } } },
    };

    private string Text() => ((string[])["", "a", "\"quoted\"\n", "né€😀", "\u0000\u001b", new string('x', 300)])[_random.Next(6)];

    private ByteString Bytes(int length)
    {
        byte[] bytes = new byte[length];
        _random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private ulong Long() => _random.Next(4) == 0 ? 0 : (ulong)_random.NextInt64();

    private uint Int() => _random.Next(2) == 0 ? 0 : (uint)_random.Next();
}
