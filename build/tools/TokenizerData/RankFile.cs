using System.Text.Json;

namespace PandaProbe.TokenizerData;

/// <summary>Reads a rank list: lines of <c>! firstId base64 base64 …</c> in the property <c>bpe_ranks</c>.</summary>
internal static class RankFile
{
    public static SortedDictionary<byte[], int> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var ranks = new SortedDictionary<byte[], int>(Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));
        foreach (string line in json.RootElement.GetProperty("bpe_ranks").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ');
            int id = int.Parse(fields[1]);
            foreach (string? token in fields.Skip(2))
                ranks.Add(Convert.FromBase64String(token), id++);
        }

        return ranks;
    }
}
