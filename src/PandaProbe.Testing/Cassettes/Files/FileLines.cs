using System.Text;
using System.Text.Json;

namespace PandaProbe.Testing.Cassettes.Files;

/// <summary>The lines of a file of JSON on which its values begin.</summary>
internal sealed class FileLines
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    public FileLines(byte[] json)
    {
        Utf8JsonReader reader = new(json);
        int line = 1;
        long counted = 0;
        if (reader.Read())
            Walk(ref reader, "$", json, ref line, ref counted);
    }

    /// <summary>Returns the line of a value, or of the nearest value around it.</summary>
    public int this[string path]
    {
        get
        {
            while (path.Length > 0)
            {
                if (_lines.TryGetValue(path, out int line))
                    return line;

                path = path[..Math.Max(0, path.AsSpan().LastIndexOfAny('.', '['))];
            }

            return 1;
        }
    }

    public static FileLines Of(string file) => new(Encoding.UTF8.GetBytes(File.ReadAllText(file)));

    private void Walk(ref Utf8JsonReader reader, string path, byte[] json, ref int line, ref long counted)
    {
        line += json.AsSpan((int)counted, (int)(reader.TokenStartIndex - counted)).Count((byte)'\n');
        counted = reader.TokenStartIndex;
        _lines[path] = line;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string child = JsonPath.Of(path, reader.GetString()!);
                reader.Read();
                Walk(ref reader, child, json, ref line, ref counted);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                Walk(ref reader, JsonPath.Of(path, i), json, ref line, ref counted);
        }
    }
}
