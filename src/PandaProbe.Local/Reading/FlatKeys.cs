using System.Buffers;
using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Turns attributes such as <c>0.message.role</c> and <c>0.message.tool_calls.0.tool_call.id</c> into JSON. Numbers are put in order and
/// never become the size of anything: they come from whoever sent the span.
/// </summary>
internal static class FlatKeys
{
    // What follows is one name.
    private const int MaxDepth = 16;

    public static JsonElement? ToJson(IReadOnlyList<(string Key, AnyValue Value)> attributes)
    {
        Node root = new();
        foreach ((string key, AnyValue value) in attributes)
            Add(root, key, value);

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { SkipValidation = true }))
            root.Write(json);
        return LenientJson.Parse(buffer.WrittenSpan);
    }

    private static void Add(Node node, string key, AnyValue value)
    {
        int start = 0;
        for (int depth = 0; ; depth++)
        {
            int dot = depth < MaxDepth ? key.IndexOf('.', start) : -1;
            string name = dot < 0 ? key[start..] : key[start..dot];
            node.Children ??= new(StringComparer.Ordinal);
            if (!node.Children.TryGetValue(name, out Node? child))
                node.Children[name] = child = new();
            node = child;
            if (dot < 0)
                break;
            start = dot + 1;
        }

        node.Value = value;
    }

    private sealed class Node
    {
        public Dictionary<string, Node>? Children { get; set; }

        public AnyValue? Value { get; set; }

        public void Write(Utf8JsonWriter json)
        {
            if (Children is null)
            {
                AnyValues.Write(json, Value);
            }
            else if (Children.Keys.All(IsIndex))
            {
                json.WriteStartArray();
                foreach ((string _, Node child) in Children.OrderBy(child => child.Key.TrimStart('0').Length)
                    .ThenBy(child => child.Key.TrimStart('0'), StringComparer.Ordinal).Take(ReadLimits.Items))
                {
                    child.Write(json);
                }

                json.WriteEndArray();
            }
            else
            {
                json.WriteStartObject();
                foreach ((string name, Node child) in Children)
                {
                    json.WritePropertyName(name);
                    child.Write(json);
                }

                json.WriteEndObject();
            }
        }

        private static bool IsIndex(string name) => name.Length > 0 && name.All(char.IsAsciiDigit);
    }
}
