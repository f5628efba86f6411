using System.Text;

namespace PandaProbe.Context;

/// <summary>Session, user and tags in a W3C <c>baggage</c> header.</summary>
internal static class PropagatedContext
{
    private const string Prefix = "pandaprobe.";
    private const string SessionKey = "pandaprobe.session";
    private const string UserKey = "pandaprobe.user";
    private const string TagsKey = "pandaprobe.tags";

    // https://www.w3.org/TR/baggage/#limits: what is longer may be dropped by anybody, with the entries of others.
    private const int LongestHeader = 8192;

    /// <summary>Returns the entries for the ambient values; an empty text when there are none that may be sent.</summary>
    public static string Write(AmbientContext? ambient, PandaProbePropagationOptions options)
    {
        StringBuilder entries = new();
        if (Fits(ambient?.Session))
            Add(SessionKey, Uri.EscapeDataString(ambient!.Session!));
        if (Fits(ambient?.User))
            Add(UserKey, Uri.EscapeDataString(ambient!.User!));

        // Escaped twice: a tag may have the separator in it.
        string[] tags = [.. (ambient?.Tags ?? []).Where(Fits).Take(options.MaxTags).Select(Uri.EscapeDataString)];
        if (tags.Length > 0)
            Add(TagsKey, Uri.EscapeDataString(string.Join(' ', tags)));
        return entries.ToString();

        bool Fits(string? text) => !string.IsNullOrEmpty(text) && text.Length <= options.MaxLength;

        void Add(string key, string value)
        {
            if (entries.Length + key.Length + value.Length < LongestHeader / 2)
                entries.Append(entries.Length > 0 ? "," : "").Append(key).Append('=').Append(value);
        }
    }

    /// <summary>Returns a header without the entries of PandaProbe.</summary>
    public static string WithoutOwn(string header) => !header.Contains(Prefix, StringComparison.OrdinalIgnoreCase)
        ? header
        : string.Join(',', header.Split(',').Where(entry => !entry.AsSpan().Trim().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Joins two lists of entries, if the result is no longer than a header may be.</summary>
    public static string Join(string others, string own) =>
        others.Length == 0 ? own : own.Length == 0 || others.Length + own.Length >= LongestHeader ? others : others + "," + own;

    /// <summary>Reads what <see cref="Write"/> wrote. Values beyond the limits are left out.</summary>
    public static (string? Session, string? User, string[]? Tags) Read(string? header, int maxLength, int maxTags)
    {
        string? session = null;
        string? user = null;
        string[]? tags = null;
        if (header is null or { Length: > LongestHeader })
            return default;

        foreach (string entry in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.IndexOf('=');
            if (equals < 0)
                continue;

            string value = Uri.UnescapeDataString(entry[(equals + 1)..].Split(';')[0].Trim());
            switch (entry[..equals].Trim())
            {
                case SessionKey:
                    session ??= Usable(value);
                    break;
                case UserKey:
                    user ??= Usable(value);
                    break;
                case TagsKey:
                    tags ??= [.. value.Split(' ').Select(Uri.UnescapeDataString).Select(Usable).OfType<string>().Take(maxTags)];
                    break;
            }
        }

        return (session, user, tags is { Length: > 0 } ? tags : null);

        string? Usable(string text) => text.Length > 0 && text.Length <= maxLength && !text.Any(char.IsControl) ? text : null;
    }
}
