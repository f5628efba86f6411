using System.Collections;
using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

/// <summary>A span as an instrumentation sends it, written as a collection of attributes.</summary>
internal sealed class TestSpan(string name, string scope = "") : IEnumerable
{
    public const ulong Start = 1_780_000_000_000_000_000;

    public Span Span { get; } = new()
    {
        Name = name,
        TraceId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16),
        SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
        StartTimeUnixNano = Start,
        EndTimeUnixNano = Start + 1_500_000_000,
    };

    public List<LogRecord> Logs { get; } = [];

    public void Add(string key, object value) => Span.Attributes.Add(new KeyValue { Key = key, Value = Any(value) });

    public TestSpan Event(string eventName, params (string Key, object Value)[] attributes)
    {
        Span.Types.Event added = new() { Name = eventName, TimeUnixNano = Start };
        added.Attributes.AddRange(attributes.Select(attribute => new KeyValue { Key = attribute.Key, Value = Any(attribute.Value) }));
        Span.Events.Add(added);
        return this;
    }

    public TestSpan Log(string eventName, object? body, params (string Key, object Value)[] attributes)
    {
        LogRecord added = new()
        {
            EventName = eventName,
            Body = body is null ? null : Any(body),
            SpanId = Span.SpanId,
            TraceId = Span.TraceId
        };
        added.Attributes.AddRange(attributes.Select(attribute => new KeyValue { Key = attribute.Key, Value = Any(attribute.Value) }));
        Logs.Add(added);
        return this;
    }

    public TestSpan Failed(string message)
    {
        Span.Status = new Status { Code = Status.Types.StatusCode.Error, Message = message };
        return this;
    }

    public ReadSpan Read() => SpanReader.Read(Span, new Resource(), new InstrumentationScope { Name = scope }, Logs);

    public IEnumerator GetEnumerator() => Span.Attributes.GetEnumerator();

    /// <summary>Makes a value: dictionaries become maps, arrays become arrays.</summary>
    public static AnyValue Any(object value) => value switch
    {
        AnyValue any => any,
        string text => new AnyValue { StringValue = text },
        bool flag => new AnyValue { BoolValue = flag },
        int number => new AnyValue { IntValue = number },
        long number => new AnyValue { IntValue = number },
        double number => new AnyValue { DoubleValue = number },
        byte[] bytes => new AnyValue { BytesValue = ByteString.CopyFrom(bytes) },
        Dictionary<string, object> map => new AnyValue
        {
            KvlistValue = new KeyValueList { Values = { map.Select(item => new KeyValue { Key = item.Key, Value = Any(item.Value) }) } },
        },
        IEnumerable items => new AnyValue { ArrayValue = new ArrayValue { Values = { items.Cast<object>().Select(Any) } } },
        _ => throw new ArgumentException($"{value.GetType()} is no attribute value."),
    };
}
