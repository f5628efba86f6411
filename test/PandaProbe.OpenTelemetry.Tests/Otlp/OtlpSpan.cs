using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Otlp;

/// <summary>How tests read a received span.</summary>
internal static class OtlpSpan
{
    public static object? Tag(this Span span, string name) => Value(span.Attributes, name);

    public static object? Tag(this Span.Types.Event recorded, string name) => Value(recorded.Attributes, name);

    public static object? Value(IEnumerable<KeyValue> attributes, string name) =>
        attributes.Where(attribute => attribute.Key == name).ToArray() switch
        {
            [] => null,
            [var only] => Value(only.Value),
            _ => throw new ShouldAssertException($"{name} was sent more than once"),
        };

    private static object? Value(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.ArrayValue => value.ArrayValue.Values.Select(Value).ToArray(),
        _ => null,
    };
}
