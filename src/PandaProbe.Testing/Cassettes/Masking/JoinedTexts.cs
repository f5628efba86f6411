using System.Text;
using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Masking;

/// <summary>Masks the events of a stream. Each brings a few letters of the answer, so that a secret is spread over several.</summary>
internal static class JoinedTexts
{
    public static void Mask(IEnumerable<JsonNode?> events, CassetteMask mask)
    {
        Dictionary<string, List<Piece>> texts = [];
        foreach (JsonNode? one in events)
            Collect(one, "$", texts);

        foreach (List<Piece> pieces in texts.Values.Where(pieces => pieces.Count > 1))
            Mask(pieces, mask);
    }

    /// <summary>
    /// Texts at one place of their events belong together. An index in the event tells which answer or block it goes on with.
    /// </summary>
    private static void Collect(JsonNode? value, string path, Dictionary<string, List<Piece>> texts)
    {
        switch (value)
        {
            case JsonObject record:
                path += record["index"]?.ToJsonString();
                foreach (string name in record.Select(property => property.Key).ToArray())
                    Add(record[name], JsonPath.Of(path, name), text => record[name] = text);

                break;

            case JsonArray items:
                for (int i = 0; i < items.Count; i++)
                {
                    int at = i;
                    Add(items[i], JsonPath.Of(path, i), text => items[at] = text);
                }

                break;
        }

        void Add(JsonNode? child, string childPath, Action<string> replace)
        {
            if (child is not JsonValue leaf || !leaf.TryGetValue(out string? text))
            {
                Collect(child, childPath, texts);
                return;
            }

            if (!texts.TryGetValue(childPath, out List<Piece>? pieces))
                texts[childPath] = pieces = [];

            pieces.Add(new(text, replace));
        }
    }

    /// <summary>The first piece of a secret becomes the mask, the others lose theirs.</summary>
    private static void Mask(List<Piece> pieces, CassetteMask mask)
    {
        string joined = string.Concat(pieces.Select(piece => piece.Text));
        bool[] isSecret = new bool[joined.Length];
        foreach ((int start, int length) in mask.Find(joined))
            isSecret.AsSpan(start, length).Fill(true);

        if (!isSecret.Contains(true))
            return;

        int at = 0;
        foreach (Piece piece in pieces)
        {
            StringBuilder text = new();
            foreach (char character in piece.Text)
            {
                if (!isSecret[at])
                    text.Append(character);
                else if (at == 0 || !isSecret[at - 1])
                    text.Append(MaskAt(joined, at, isSecret, mask));

                at++;
            }

            if (text.ToString() is { } masked && masked != piece.Text)
                piece.Replace(masked);
        }
    }

    /// <summary>The next request repeats the answer in one piece. What stands for the secret there has to stand here, too.</summary>
    private static string MaskAt(string joined, int start, bool[] isSecret, CassetteMask mask)
    {
        int end = Array.IndexOf(isSecret, false, start);
        string before = mask.Mask(joined[..start]);
        string upTo = mask.Mask(end < 0 ? joined : joined[..end]);
        return upTo.StartsWith(before, StringComparison.Ordinal) ? upTo[before.Length..] : CassetteMask.Masked;
    }

    private sealed record Piece(string Text, Action<string> Replace);
}
