using System.Buffers;
using System.Text;
using PandaProbe.Conventions;
using PandaProbe.Values;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// Shortens the longest texts of an OTLP request with one span, after the receiver found it too large. It changes the bytes of the request
/// and not the <see cref="System.Diagnostics.Activity"/>, because other exporters read the same activity.
/// <para>
/// A text that is JSON stays JSON. A cut text ends in an ellipsis, and the metadata of the span has its original length.
/// </para>
/// </summary>
internal sealed class SpanShortener
{
    // https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
    private const int ResourceSpans = 1;
    private const int ScopeSpans = 2;
    private const int Spans = 2;
    private const int SpanAttributes = 9;
    private const int SpanEvents = 11;
    private const int SpanStatus = 15;
    private const int EventAttributes = 3;
    private const int StatusMessage = 2;
    private const int KeyField = 1;
    private const int ValueField = 2;
    private const int StringValue = 1;
    private const int IntValue = 3;

    private const int ShortestText = 16;

    private readonly List<int> _lengths = [];
    private readonly Dictionary<string, int> _originalLengths = new(StringComparer.Ordinal);
    private int _limit;

    /// <param name="request">An <c>ExportTraceServiceRequest</c>.</param>
    /// <param name="maxBytes">The largest result.</param>
    /// <param name="shortened">The request with shorter texts.</param>
    /// <returns>Whether it became small enough.</returns>
    public static bool TryShorten(ReadOnlySpan<byte> request, int maxBytes, out byte[] shortened)
    {
        // Names of what was cut and escapes need room as well, so a second or third attempt may be needed.
        shortened = [];
        for (long room = maxBytes; room > ShortestText; room -= Math.Max(shortened.Length - maxBytes, room / 8))
        {
            SpanShortener shortener = new();
            shortener.Measure(request, [ResourceSpans, ScopeSpans, Spans]);
            long others = request.Length - shortener._lengths.Sum(length => (long)length);
            shortener._limit = JsonText.Limit(shortener._lengths, room - others);
            if (shortener._limit < ShortestText)
                return false;

            shortened = shortener.Rewrite(request, [ResourceSpans, ScopeSpans, Spans]);
            if (shortened.Length <= maxBytes)
                return true;
        }

        return false;
    }

    private void Measure(ReadOnlySpan<byte> message, ReadOnlySpan<int> path)
    {
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            if (!path.IsEmpty)
            {
                if (fields.Field == path[0])
                    Measure(fields.Bytes, path[1..]);
            }
            else if (fields.Field == SpanAttributes)
            {
                MeasureText(fields.Bytes, ValueField, StringValue);
            }
            else if (fields.Field == SpanEvents)
            {
                ProtobufReader recorded = new(fields.Bytes);
                while (recorded.Next())
                {
                    if (recorded.Field == EventAttributes)
                        MeasureText(recorded.Bytes, ValueField, StringValue);
                }
            }
            else if (fields.Field == SpanStatus)
            {
                MeasureText(fields.Bytes, StatusMessage);
            }
        }
    }

    private void MeasureText(ReadOnlySpan<byte> message, params ReadOnlySpan<int> path)
    {
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field != path[0])
                continue;

            if (path.Length > 1)
                MeasureText(fields.Bytes, path[1..]);
            else
                _lengths.Add(fields.Bytes.Length);
        }
    }

    private byte[] Rewrite(ReadOnlySpan<byte> message, ReadOnlySpan<int> path)
    {
        ArrayBufferWriter<byte> output = new(message.Length);
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field != path[0])
                output.Write(fields.Whole);
            else
                output.WriteBytes(fields.Field, path.Length > 1 ? Rewrite(fields.Bytes, path[1..]) : RewriteSpan(fields.Bytes));
        }

        return output.WrittenSpan.ToArray();
    }

    private byte[] RewriteSpan(ReadOnlySpan<byte> span)
    {
        _originalLengths.Clear();
        HashSet<string> names = new(StringComparer.Ordinal);
        ArrayBufferWriter<byte> output = new(span.Length);
        ProtobufReader fields = new(span);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case SpanAttributes:
                    names.Add(KeyOf(fields.Bytes));
                    output.WriteBytes(fields.Field, RewriteAttribute(fields.Bytes));
                    break;
                case SpanEvents:
                    output.WriteBytes(fields.Field, RewriteEvent(fields.Bytes));
                    break;
                case SpanStatus:
                    output.WriteBytes(fields.Field, RewriteText(fields.Bytes, StatusMessage, key: null));
                    break;
                default:
                    output.Write(fields.Whole);
                    break;
            }
        }

        foreach ((string name, int length) in _originalLengths)
        {
            // Content that was shortened when it was recorded has its first length already.
            if (names.Add(name))
                output.WriteBytes(SpanAttributes, Attribute(name, length));
        }

        return output.WrittenSpan.ToArray();
    }

    private byte[] RewriteEvent(ReadOnlySpan<byte> recorded)
    {
        ArrayBufferWriter<byte> output = new(recorded.Length);
        ProtobufReader fields = new(recorded);
        while (fields.Next())
        {
            if (fields.Field == EventAttributes)
                output.WriteBytes(fields.Field, RewriteAttribute(fields.Bytes));
            else
                output.Write(fields.Whole);
        }

        return output.WrittenSpan.ToArray();
    }

    private byte[] RewriteAttribute(ReadOnlySpan<byte> attribute)
    {
        string key = KeyOf(attribute);
        ArrayBufferWriter<byte> output = new(attribute.Length);
        ProtobufReader fields = new(attribute);
        while (fields.Next())
        {
            if (fields.Field == ValueField)
                output.WriteBytes(fields.Field, RewriteText(fields.Bytes, StringValue, key));
            else
                output.Write(fields.Whole);
        }

        return output.WrittenSpan.ToArray();
    }

    private byte[] RewriteText(ReadOnlySpan<byte> message, int field, string? key)
    {
        ArrayBufferWriter<byte> output = new(message.Length);
        ProtobufReader fields = new(message);
        while (fields.Next())
        {
            if (fields.Field == field && fields.Bytes.Length > _limit)
                output.WriteBytes(field, Cut(fields.Bytes, key));
            else
                output.Write(fields.Whole);
        }

        return output.WrittenSpan.ToArray();
    }

    private byte[] Cut(ReadOnlySpan<byte> utf8, string? key)
    {
        string text = Encoding.UTF8.GetString(utf8);
        if (key is not null)
            _originalLengths.TryAdd(NameOfLength(key), text.Length);

        int length = (int)((long)text.Length * _limit / utf8.Length);
        return Encoding.UTF8.GetBytes(text.StartsWith('{') || text.StartsWith('[')
            ? JsonText.Shorten(text, length) : JsonText.Cut(text, length));
    }

    private static string NameOfLength(string key) => Pandaprobe.Metadata.Prefix + key switch
    {
        GenAI.Input.Messages or General.Input.Value or GenAI.Tool.Call.Arguments => "input",
        GenAI.Output.Messages or General.Output.Value or GenAI.Tool.Call.Result => "output",
        _ => key,
    } + "_original_length";

    private static string KeyOf(ReadOnlySpan<byte> attribute)
    {
        ProtobufReader fields = new(attribute);
        while (fields.Next())
        {
            if (fields.Field == KeyField)
                return Encoding.UTF8.GetString(fields.Bytes);
        }

        return "";
    }

    private static byte[] Attribute(string key, long value)
    {
        ArrayBufferWriter<byte> number = new();
        number.WriteNumber(IntValue, value);
        ArrayBufferWriter<byte> attribute = new();
        attribute.WriteBytes(KeyField, Encoding.UTF8.GetBytes(key));
        attribute.WriteBytes(ValueField, number.WrittenSpan);
        return attribute.WrittenSpan.ToArray();
    }
}
