using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PandaProbe.Safety;

namespace PandaProbe.Hosting.Settings;

/// <summary>
/// Holds the parsers of all settings. <see cref="PandaProbeOptionsValidator"/> accepts everything they accept, so no setting stops a host.
/// </summary>
internal static class Parsers
{
    public static readonly Parser<string> Text = new("a text", static (string text, [MaybeNullWhen(false)] out string value) =>
    {
        value = text;
        return true;
    });

    public static readonly Parser<bool> Switch = new("true, 1, yes or on, or to false, 0, no or off", (string text, out bool value) =>
    {
        string word = text.ToUpperInvariant();
        value = word is "TRUE" or "1" or "YES" or "ON";
        return value || word is "FALSE" or "0" or "NO" or "OFF";
    });

    /// <summary>Parses OpenTelemetry's values for content capture: whether, and if they say so, where.</summary>
    public static readonly Parser<(bool Capture, ProbeMessageContent? Where)> Capture = new(
        "true, false, SPAN_ONLY, SPAN_AND_EVENT, EVENT_ONLY or NO_CONTENT",
        (string text, out (bool Capture, ProbeMessageContent? Where) value) =>
    {
        string word = text.ToUpperInvariant();
        value.Where = word switch
        {
            "SPAN_ONLY" => ProbeMessageContent.Spans,
            "EVENT_ONLY" => ProbeMessageContent.Events,
            "SPAN_AND_EVENT" => ProbeMessageContent.SpansAndEvents,
            _ => null,
        };
        value.Capture = value.Where is not null;
        return value.Capture || word == "NO_CONTENT" || Switch.TryParse(text, out value.Capture);
    });

    public static readonly Parser<ProbeMessageContent> Where = new(
        NamesOf<ProbeMessageContent>(), (string text, out ProbeMessageContent value) =>
            Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value));

    /// <summary>Parses what is masked; <see langword="null"/> for nothing.</summary>
    public static readonly Parser<SafetyOptions?> Safety = new("Secrets, PersonalData or Off", (string text, out SafetyOptions? value) =>
    {
        string word = text.ToUpperInvariant();
        value = word switch
        {
            "SECRETS" => new(),
            "PERSONALDATA" => new SafetyOptions().MaskPersonalData(),
            _ => null,
        };
        return value is not null || word == "OFF";
    });

    public static readonly Parser<Uri> Address = new(
        "an absolute http or https address", static (string text, [MaybeNullWhen(false)] out Uri value) =>
            Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https");

    public static readonly Parser<string[]> Hosts = new(
        "names of hosts, separated by commas", static (string text, [MaybeNullWhen(false)] out string[] value) =>
    {
        value = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return value.All(host => Uri.CheckHostName(host.Trim('.')) != UriHostNameType.Unknown);
    });

    public static readonly Parser<ProbeExport> Export = new(NamesOf<ProbeExport>(), (string text, out ProbeExport value) =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value));

    /// <summary>Parses names with commas between them.</summary>
    public static readonly Parser<ProbeDialects> Dialects = new(
        $"one or several of {NamesOf<ProbeDialects>()} with commas between them", (string text, out ProbeDialects value) =>
        {
            value = ProbeDialects.None;
            foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!Enum.TryParse(name, ignoreCase: true, out ProbeDialects dialect) || !Enum.IsDefined(dialect))
                    return false;
                value |= dialect;
            }

            return true;
        });

    public static readonly Parser<int> Count = AtLeast(1, "a whole number above 0");

    /// <summary>Parses a limit. 0 means no limit.</summary>
    public static readonly Parser<int?> Limit = new("a whole number, 0 for no limit", (string text, out int? value) =>
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        value = number == 0 ? null : number;
        return isNumber;
    });

    public static readonly Parser<long> Bytes = new("a number of bytes above 0", (string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0);

    /// <summary>
    /// Parses an interval of at most one day. A timer accepts a few weeks at most, and a longer interval than a day is a mistake.
    /// </summary>
    public static readonly Parser<TimeSpan> Interval = Time(TimeSpan.FromDays(1), "a number of seconds above 0");

    public static readonly Parser<TimeSpan> Age = Time(
        TimeSpan.FromDays(3650), "a time such as 7.00:00:00, or a number of seconds above 0");

    public static Parser<int> AtLeast(int smallest, string? expected = null) =>
        new(expected ?? $"a whole number of at least {smallest}", (string text, out int value) =>
            int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value) && value >= smallest);

    private static Parser<TimeSpan> Time(TimeSpan longest, string expected) => new(expected, (string text, out TimeSpan value) =>
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
        {
            bool isTime = seconds >= 0.001 && seconds <= longest.TotalSeconds;
            value = isTime ? TimeSpan.FromSeconds(seconds) : default;
            return isTime;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value) && value > TimeSpan.Zero && value <= longest;
    });

    private static string NamesOf<T>()
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        return $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
