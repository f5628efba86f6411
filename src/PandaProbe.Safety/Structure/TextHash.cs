using System.Security.Cryptography;

namespace PandaProbe.Safety.Structure;

/// <summary>Hashes by which equal texts are known again within the process. With the seed they mean nothing to anybody else.</summary>
internal static class TextHash
{
    private const ulong Factor = 1099511628211;

    /// <summary>What a hash begins with.</summary>
    public static readonly ulong Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Adds a character.</summary>
    public static ulong With(ulong hash, ulong character) => (hash ^ character) * Factor;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = Seed;
        foreach (char c in text)
        {
            hash = With(hash, c);
        }

        return hash;
    }
}
