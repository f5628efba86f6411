using System.Collections;
using System.Text.Json;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Messages that have what the conventions write and nothing else, each read when it is asked for. Most messages are such. Storing a span
/// needs the last one of its history, for the line that lists show.
/// </summary>
internal sealed class PlainMessages : IReadOnlyList<ReadMessage>
{
    private readonly ReadMessage[] _before;
    private readonly JsonElement[] _messages;

    private PlainMessages(ReadMessage[] before, JsonElement[] messages) => (_before, _messages) = (before, messages);

    public int Count => _before.Length + _messages.Length;

    public ReadMessage this[int index] =>
        index < _before.Length ? _before[index] : MessageReader.ReadPlain(_messages[index - _before.Length]);

    /// <summary>Returns the messages of a list in which every element is plain; <see langword="null"/> for any other value.</summary>
    public static PlainMessages? Of(JsonElement json)
    {
        if (!json.IsArray() || json.GetArrayLength() is 0 or > ReadLimits.Items)
            return null;

        var messages = new JsonElement[json.GetArrayLength()];
        int count = 0;
        foreach (JsonElement message in json.EnumerateArray())
        {
            if (!IsPlain(message))
                return null;
            messages[count++] = message;
        }

        return new([], messages);
    }

    /// <summary>Whether the value is an object of a role, parts and perhaps a reason, and no result of a tool.</summary>
    public static bool IsPlain(JsonElement json)
    {
        JsonElement role = json.Get("role");
        if (!json.Get("parts").IsArray() || role.ValueKind != JsonValueKind.String || role.ValueEquals("") || IsTool(role))
            return false;

        return json.GetPropertyCount() == (json.Get("finish_reason").ValueKind == JsonValueKind.String ? 3 : 2);
    }

    /// <summary>Returns the same messages behind another one.</summary>
    public PlainMessages After(ReadMessage first) => new([first, .. _before], _messages);

    public IEnumerator<ReadMessage> GetEnumerator() => _before.Concat(_messages.Select(MessageReader.ReadPlain)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsTool(JsonElement role) =>
        !role.ValueEquals(ReadMessage.User) && !role.ValueEquals(ReadMessage.Assistant) && !role.ValueEquals(ReadMessage.System)
            && MessageReader.Normalise(role.GetString()!) == ReadMessage.Tool;
}
