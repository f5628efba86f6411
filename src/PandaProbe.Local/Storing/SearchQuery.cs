using System.Globalization;

namespace PandaProbe.Local.Storing;

/// <summary>
/// What somebody looks for: words and <c>"quoted text"</c> in contents, names and errors, and conditions such as <c>error</c>,
/// <c>tool:lookup_order</c> or <c>cost&gt;0.01</c>. A condition that is not known is a word.
/// </summary>
internal sealed record SearchQuery
{
    private const int MostWords = 20;

    public List<string> Words { get; } = [];

    public bool IsError { get; private set; }

    public bool IsRunning { get; private set; }

    /// <summary>Gets the kind that a span must have: <c>LLM</c>.</summary>
    public string? Kind { get; private set; }

    public string? Model { get; private set; }

    public string? Tool { get; private set; }

    /// <summary>Gets a part of the name that a span must have.</summary>
    public string? Name { get; private set; }

    public string? Session { get; private set; }

    public string? User { get; private set; }

    public string? Tag { get; private set; }

    public string? Run { get; private set; }

    public double? CostAbove { get; private set; }

    public double? TokensAbove { get; private set; }

    /// <summary>Gets the milliseconds that a trace must have taken.</summary>
    public double? DurationAbove { get; private set; }

    public static SearchQuery Parse(string? text)
    {
        SearchQuery query = new();
        foreach (string part in Split(text ?? ""))
        {
            if (!query.Take(part) && query.Words.Count < MostWords)
                query.Words.Add(part.Replace("\"", "", StringComparison.Ordinal));
        }

        query.Words.RemoveAll(string.IsNullOrWhiteSpace);
        return query;
    }

    private bool Take(string part)
    {
        int at = part.AsSpan().IndexOfAny(':', '>');
        if (part.StartsWith('"'))
            return false;
        if (at < 0)
        {
            IsError |= part == "error";
            IsRunning |= part == "running";
            return part is "error" or "running";
        }

        string value = part[(at + 1)..].Trim('"');
        if (value.Length == 0)
            return false;

        if (part[at] == '>')
        {
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
                return false;

            switch (part[..at])
            {
                case "cost":
                    CostAbove = number;
                    return true;
                case "tokens":
                    TokensAbove = number;
                    return true;
                case "duration":
                    DurationAbove = number;
                    return true;
                default:
                    return false;
            }
        }

        switch (part[..at])
        {
            case "kind":
                Kind = value.ToUpperInvariant();
                return true;
            case "model":
                Model = value;
                return true;
            case "tool":
                Tool = value;
                return true;
            case "name":
                Name = value;
                return true;
            case "session":
                Session = value;
                return true;
            case "user":
                User = value;
                return true;
            case "tag":
                Tag = value;
                return true;
            case "run":
                Run = value;
                return true;
            default:
                return false;
        }
    }

    // White space inside of quotation marks separates nothing.
    private static List<string> Split(string text)
    {
        List<string> parts = [];
        int start = -1;
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                isQuoted = !isQuoted;
            if (char.IsWhiteSpace(text[i]) && !isQuoted)
            {
                if (start >= 0)
                    parts.Add(text[start..i]);
                start = -1;
            }
            else if (start < 0)
            {
                start = i;
            }
        }

        if (start >= 0)
            parts.Add(text[start..]);
        return parts;
    }
}
