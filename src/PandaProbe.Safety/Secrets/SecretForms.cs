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

    // By the lower five bits of the first three characters; a shorter prefix is under every character after it.
    private static readonly (ulong Head, ulong Mask, SecretForm Form)[]?[] ByStart = Index();

    public static IReadOnlyList<SecretForm> Forms => All;

    /// <summary>Returns the forms whose prefix begins like the token, and some that do not: those whose mask of the token's first
    /// four characters is not their head.</summary>
    public static ReadOnlySpan<(ulong Head, ulong Mask, SecretForm Form)> StartingLike(char first, char second, char third) =>
        ByStart[StartOf(first, second, third)];

    private static (ulong Head, ulong Mask, SecretForm Form)[]?[] Index()
    {
        var index = new (ulong, ulong, SecretForm)[]?[32 * 32 * 32];
        foreach (SecretForm form in All)
        {
            for (int any = 0; any < (form.Prefix.Length > 2 ? 1 : form.Prefix.Length > 1 ? 32 : 32 * 32); any++)
            {
                string start = form.Prefix + (char)(any & 31) + (char)(any >> 5);
                ref (ulong, ulong, SecretForm)[]? entry = ref index[StartOf(start[0], start[1], start[2])];
                entry = [.. entry ?? [], (form.Start.Head, form.Start.Mask, form)];
            }
        }

        return index;
    }

    private static int StartOf(char first, char second, char third) => ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);

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
