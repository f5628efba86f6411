using PandaProbe.Diagnostics;

namespace PandaProbe.Content;

/// <summary>What content may be recorded, and how much of it.</summary>
internal sealed class ContentPolicy(bool capture, int maxLength, Func<string, string?>? redact)
{
    public const int DefaultMaxLength = 1024 * 1024;
    public const int SmallestMaxLength = 64;

    private const string RedactionFailed = "[redaction failed]";

    private static readonly ContentPolicy Default = new(capture: true, DefaultMaxLength, redact: null);
    private static readonly object Gate = new();
    private static readonly List<ContentPolicy> Live = [];
    private static ContentPolicy _current = Default;

    /// <summary>The policy of the providers that are alive: where there are several, what one forbids is forbidden.</summary>
    public static ContentPolicy Current => Volatile.Read(ref _current);

    public bool Capture => capture;

    public int MaxLength => maxLength;

    public bool Redacts => redact is not null;

    /// <summary>Puts this policy in force until <see cref="Withdraw"/>.</summary>
    public void Enforce()
    {
        lock (Gate)
        {
            Live.Add(this);
            Volatile.Write(ref _current, Combine());
        }
    }

    public void Withdraw()
    {
        lock (Gate)
        {
            Live.Remove(this);
            Volatile.Write(ref _current, Combine());
        }
    }

    /// <summary>The text as it may be recorded, apart from its length.</summary>
    public string Redact(string text, string field)
    {
        if (redact is null)
            return text;

        try
        {
            return redact(text) ?? "";
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.RedactionFailed(field, PandaProbeEventSource.Describe(exception));
            return RedactionFailed;
        }
    }

    /// <summary>JSON as it may be recorded: its string values redacted, and what is too long made shorter, so that it stays JSON.</summary>
    public string ApplyToJson(string json, string field, out bool shortened)
    {
        if (redact is not null && !JsonText.TryRewriteStrings(json, text => Redact(text, field), out json))
            json = Redact(json, field);

        shortened = json.Length > maxLength;
        return shortened ? JsonText.Shorten(json, maxLength) : json;
    }

    private static ContentPolicy Combine() => Live.Count switch
    {
        0 => Default,
        1 => Live[0],
        _ => new(Live.TrueForAll(policy => policy.Capture), Live.Min(policy => policy.MaxLength), Chain([.. Live.Where(policy => policy.Redacts)])),
    };

    private static Func<string, string?>? Chain(ContentPolicy[] redacting) =>
        redacting.Length == 0 ? null : text => redacting.Aggregate(text, (current, policy) => policy.Redact(current, "content"));
}
