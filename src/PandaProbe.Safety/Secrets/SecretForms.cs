namespace PandaProbe.Safety.Secrets;

/// <summary>What is known of the keys and tokens of services that give them a prefix.</summary>
/// <remarks>
/// A line: vendor, prefix, then what follows as parts: an alphabet (<see cref="SecretPart.Has"/>) and how many, or a literal in quotes;
/// <c>!</c> at the end: GitHub's checksum. Sources are the vendors' documentation and the tokens that they hand out.
/// </remarks>
internal static class SecretForms
{
    // The longest prefix comes first, because it says most.
    private static readonly SecretForm[] All =
    [
        .. new[] { ModelVendors.Lines, PlatformVendors.Lines, ServiceVendors.Lines }
            .SelectMany(lines => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(Parse).OrderByDescending(form => form.Prefix.Length),
    ];

    // By the first two characters of a token; a prefix of one character is under every second.
    private static readonly SecretForm[]?[] ByStart = Index();

    public static IReadOnlyList<SecretForm> Forms => All;

    /// <summary>Gives the forms whose prefix begins like the token.</summary>
    public static ReadOnlySpan<SecretForm> StartingLike(char first, char second) =>
        first < 128 && second < 128 ? ByStart[(first << 7) | second] : null;

    private static SecretForm[]?[] Index()
    {
        var index = new SecretForm[]?[128 * 128];
        foreach (SecretForm form in All)
        {
            for (int second = 0; second < 128; second++)
            {
                if (form.Prefix.Length > 1 ? form.Prefix[1] == second : char.IsAsciiLetterOrDigit((char)second))
                {
                    ref SecretForm[]? entry = ref index[(form.Prefix[0] << 7) | second];
                    entry = [.. entry ?? [], form];
                }
            }
        }

        return index;
    }

    private static SecretForm Parse(string line)
    {
        string[] fields = line.Split(' ');
        return new(fields[0], fields[1], [.. fields[2..].Where(field => field != "!").Select(Part)], fields[^1] == "!");
    }

    private static SecretPart Part(string field)
    {
        if (field[0] == '\'')
        {
            return new(field[1], 1, 1);
        }

        string[] counts = field[1..].Split('-');
        return new(field[0], int.Parse(counts[0], null), int.Parse(counts[^1], null));
    }
}
