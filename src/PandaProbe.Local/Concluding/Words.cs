using System.Globalization;

namespace PandaProbe.Local.Concluding;

/// <summary>Numbers as sentences have them.</summary>
internal static class Words
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(long count, string what) => count == 1 ? $"1 {what}" : string.Create(Culture, $"{count:N0} {what}s");

    public static string Tokens(long input, long output) => string.Create(Culture, $"{input:N0} → {output:N0}");

    public static string Dollars(decimal amount) => amount switch
    {
        0 => "$0",
        < 0 => "−" + Dollars(-amount),
        < 0.0001m => "<$0.0001",
        < 1 => string.Create(Culture, $"${amount:0.0000}"),
        _ => string.Create(Culture, $"${amount:N2}"),
    };

    public static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 0 => "−" + Time(-time),
        < 1 => string.Create(Culture, $"{time.TotalMilliseconds:0.##} ms"),
        < 1_000 => string.Create(Culture, $"{time.TotalMilliseconds:0} ms"),
        < 60_000 => string.Create(Culture, $"{time.TotalSeconds:0.0} s"),
        < 3_600_000 => string.Create(Culture, $"{(int)time.TotalMinutes} min {time.Seconds} s"),
        _ => string.Create(Culture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };

    public static string Times(int count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => string.Create(Culture, $"{count:N0} times"),
    };

    /// <summary>Returns the type of an error without its namespace: <c>TimeoutException</c>.</summary>
    public static string ErrorType(string? error)
    {
        if (string.IsNullOrWhiteSpace(error))
            return "an error";

        string first = error.Split('\n', 2)[0];
        int colon = first.IndexOf(": ", StringComparison.Ordinal);
        string type = colon > 0 ? first[..colon] : first;
        if (type.Contains(' ', StringComparison.Ordinal))
            return Cut(first.Trim(), 80);

        return Cut(type[(type.LastIndexOfAny(['.', '+']) + 1)..] is { Length: > 0 } name ? name : type, 80);
    }

    /// <summary>Returns the beginning of a text, never half of a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;

        int end = length - 1;
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return text[..end] + "…";
    }
}
