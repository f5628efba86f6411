using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Tokenization.Tests;

/// <summary>The ids of a text, or where they are many, how many they are and a hash of them.</summary>
internal sealed record ExpectedIds(int Count, int[]? Ids, string? Sha256)
{
    public static ExpectedIds Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
            return new ExpectedIds(json.GetProperty("count").GetInt32(), null, json.GetProperty("sha256").GetString());

        int[] ids = json.EnumerateArray().Select(id => id.GetInt32()).ToArray();
        return new ExpectedIds(ids.Length, ids, null);
    }

    public void ShouldMatch(int[] actual, string text)
    {
        if (Ids is not null)
        {
            actual.ShouldBeExactly(Ids, text);
        }
        else
        {
            Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(',', actual))))
                .ShouldBe(Sha256!, text, StringCompareShould.IgnoreCase);
        }
    }
}
