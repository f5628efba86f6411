namespace PandaProbe.Tokenization;

/// <summary>Maps models to encodings: single names, and families with dated, sized or tuned members.</summary>
internal static class ModelTable
{
    private const string O200k = "o200k_base", Cl100k = "cl100k_base", P50k = "p50k_base", R50k = "r50k_base";

    private static readonly string[] Vendors = ["openrouter/", "azure_openai/", "azure/", "openai/", "openai."];

    // The first match wins. After the family's name, the model's name ends or continues with a dash, a colon, an at sign or, for numbered
    // families, a point.
    private static readonly (string Family, string Encoding)[] Families =
    [
        ("gpt-4o", O200k),
        ("gpt-oss", O200k),
        ("gpt-realtime", O200k),
        ("gpt-audio", O200k),
        ("chatgpt-4o", O200k),
        ("codex-mini", O200k),
        ("computer-use-preview", O200k),

        ("gpt-4", Cl100k),
        ("gpt-3.5", Cl100k),
        ("gpt-35", Cl100k),
        ("text-embedding-ada-002", Cl100k),
        ("text-embedding-3", Cl100k),
        ("davinci-002", Cl100k),
        ("babbage-002", Cl100k),

        ("text-davinci-002", P50k),
        ("text-davinci-003", P50k),
        ("text-davinci-edit", P50k),
        ("code-davinci", P50k),
        ("code-cushman", P50k),
        ("davinci-codex", P50k),
        ("cushman-codex", P50k),

        ("text-davinci-001", R50k),
        ("text-curie", R50k),
        ("text-babbage", R50k),
        ("text-ada", R50k),
        ("text-similarity", R50k),
        ("text-search", R50k),
        ("code-search", R50k),
        ("gpt2", R50k),
        ("gpt-2", R50k),
    ];

    // Other models' names begin with these, so only the whole name or the part before a colon matches.
    private static readonly string[] Originals = ["davinci", "curie", "babbage", "ada"];

    public static string? EncodingOf(string? model)
    {
        ReadOnlySpan<char> name = model.AsSpan().Trim();
        foreach (string vendor in Vendors)
        {
            if (name.StartsWith(vendor, StringComparison.OrdinalIgnoreCase))
                name = name[vendor.Length..];
        }

        if (name.StartsWith("ft:", StringComparison.OrdinalIgnoreCase))
            name = name[3..];

        if (IsReasoningModel(name) || IsSinceGpt41(name))
            return O200k;

        foreach ((string? family, string? encoding) in Families)
        {
            if (name.StartsWith(family, StringComparison.OrdinalIgnoreCase) && Ends(name[family.Length..]))
                return encoding;
        }

        foreach (string original in Originals)
        {
            if (name.StartsWith(original, StringComparison.OrdinalIgnoreCase)
                && (name.Length == original.Length || name[original.Length] == ':'))
            {
                return R50k;
            }
        }

        return null;
    }

    private static bool Ends(ReadOnlySpan<char> rest) => rest.IsEmpty || rest[0] is '-' or ':' or '@';

    /// <summary>Matches o1, o3-mini, o4-mini-2025-04-16 and the like.</summary>
    private static bool IsReasoningModel(ReadOnlySpan<char> name) =>
        name.Length >= 2 && name[0] is 'o' or 'O' && name[1] is >= '1' and <= '9' && Ends(name[2..]);

    /// <summary>Matches gpt-4.1, gpt-4.5-preview, gpt-5, gpt-5.4-mini and later. All later models have kept the encoding so far.</summary>
    private static bool IsSinceGpt41(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase))
            return false;

        int digits = 4;
        while (digits < name.Length && char.IsAsciiDigit(name[digits]))
            digits++;

        // Three or more digits are not a version. gpt-35-turbo is 3.5.
        if (digits is 4 or > 6 || !int.TryParse(name[4..digits], out int major) || major == 35)
            return false;

        ReadOnlySpan<char> rest = name[digits..];
        bool hasMinor = rest.Length >= 2 && rest[0] == '.' && char.IsAsciiDigit(rest[1]);
        return hasMinor ? major >= 4 : major >= 5 && Ends(rest);
    }
}
