using System.Buffers;
using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PandaProbe.Diagnostics;
using PandaProbe.Values;

namespace PandaProbe.Interception;

/// <summary>Collects the arguments of one call, by parameter name. For generated code.</summary>
#pragma warning disable CA1001 // The writer writes to an array: disposing it gives nothing back.
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProbeArguments
#pragma warning restore CA1001
{
    private readonly ProbeCall _call;
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8JsonWriter _json;
    private readonly bool _wantsMessages;
    private ProbeMessage[]? _messages;
    private string? _text;
    private int _count;

    internal ProbeArguments(ProbeCall call)
    {
        _call = call;
        _json = new(_buffer, JsonValue.WriterOptions);
        _wantsMessages = call.Site.Kind is null or ProbeSpanKind.Llm;
        _json.WriteStartObject();
    }

    /// <summary>Adds an argument. Serialises it by <paramref name="json"/> when that has metadata for the type.</summary>
    public ProbeArguments Add<T>(string name, T value, JsonSerializerContext? json = null)
    {
        try
        {
            _count++;
            _text = value as string;
            _json.WritePropertyName(name);
            if (JsonValue.TryScalar(value, out ProbeValue scalar))
            {
                scalar.WriteTo(_json);
                return this;
            }

            string text = ContentSerializer.Serialize(value, json);
            _json.WriteRawValue(text, skipInputValidation: true);
            if (_wantsMessages && MessageShape.TryRead(text, _call.Site.Kind, out ProbeMessage[]? messages))
                _messages = messages;
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("argument", exception);
        }

        return this;
    }

    /// <summary>Adds a text.</summary>
    public ProbeArguments Add(string name, ReadOnlySpan<char> value) => Add(name, value.ToString());

    /// <summary>Records the added arguments as the input of the call.</summary>
    public void Record()
    {
        _json.WriteEndObject();
        _json.Flush();
        _call.Input = _messages is not null ? new(_messages)
            : _count == 1 && _text is not null && _call.Site.Kind == ProbeSpanKind.Llm ? new([ProbeMessage.User(_text)])
            : new(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        _call.RecordInput();
    }
}
