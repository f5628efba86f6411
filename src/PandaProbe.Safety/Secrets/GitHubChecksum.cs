namespace PandaProbe.Safety.Secrets;

/// <summary>The last six characters of GitHub's and npm's tokens: CRC-32 of those before, in base 62.</summary>
internal static class GitHubChecksum
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static bool IsRight(ReadOnlySpan<char> random) => random.Length > 6 && ChecksumOf(random[..^6]).AsSpan()
        .SequenceEqual(random[^6..]);

    public static string ChecksumOf(ReadOnlySpan<char> random)
    {
        uint crc = uint.MaxValue;
        foreach (char c in random)
        {
            crc ^= c;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return string.Create(6, ~crc, static (text, rest) =>
        {
            for (int i = 5; i >= 0; i--)
            {
                text[i] = Digits[(int)(rest % 62)];
                rest /= 62;
            }
        });
    }
}
