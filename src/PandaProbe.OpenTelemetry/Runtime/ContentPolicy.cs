using PandaProbe.Diagnostics;

namespace PandaProbe.Runtime;

/// <summary>What content may be recorded, and how much of it. Immutable.</summary>
internal sealed class ContentPolicy(
    bool capture = true, int maxLength = PandaProbeOptions.DefaultMaxContentLength, Func<string, string?>? redact = null)
{
    /// <summary>How many characters one input or output may have while memory is scarce.</summary>
    public const int ScarceLength = 4096;

    private const string RedactionFailed = "[redaction failed]";

    /// <summary>The policy that is in force in this process.</summary>
    public static ContentPolicy Current => ProviderGroup.Current.Content;

    /// <summary>Whether content is recorded. A redactor's own is not: it would be redacted by itself.</summary>
    public bool Capture => capture && (redact is null || !UserCode.IsRunning);

    public int MaxLength => maxLength;

    /// <summary>Where messages go.</summary>
    public ProbeMessageContent Where { get; init; }

    /// <summary>What masks sensitive values; empty when nothing does.</summary>
    public IReadOnlyList<FieldScanners> Scanners { get; init; } = [];

    /// <summary>
    /// Whether texts are redacted before they leave. They are whole until then, because a redactor may not know half a value.
    /// </summary>
    public bool Redacts => redact is not null;

    private Func<string, string?>? Redactor => redact;

    private bool Captures => capture;

    /// <summary>What all of the policies allow. Redactors run in the order of the policies.</summary>
    public static ContentPolicy Strictest(IReadOnlyList<ContentPolicy> policies)
    {
        switch (policies)
        {
            case []:
                return new();
            case [ContentPolicy only]:
                return only;
        }

        ContentPolicy[] redacting = [.. policies.Where(policy => policy.Redacts).DistinctBy(policy => policy.Redactor)];
        return new(
            policies.All(policy => policy.Captures),
            policies.Min(policy => policy.MaxLength),
            redacting.Length == 0 ? null : text => redacting.Aggregate(text, (current, policy) => policy.Run(current, "content")))
        {
            Scanners = [.. policies.SelectMany(policy => policy.Scanners)],
            Where = policies.Any(policy => policy.Where == ProbeMessageContent.Events)
                ? ProbeMessageContent.Events
                : policies.Max(policy => policy.Where),
        };
    }

    /// <summary>The same policy with contents of at most so many characters.</summary>
    public ContentPolicy AtMost(int length) =>
        maxLength <= length ? this : new(capture, length, redact) { Scanners = Scanners, Where = Where };

    /// <summary>The same policy with redactors that get a text after another change of it.</summary>
    public ContentPolicy After(Func<string, string> change) =>
        redact is null ? this : new(capture, maxLength, text => redact(change(text)));

    /// <summary>The text as it may leave, apart from its length.</summary>
    public string Redact(string text, string field)
    {
        if (redact is null)
            return text;

        // What a redactor records would be redacted by itself.
        if (UserCode.IsRunning)
            return RedactionFailed;

        using (UserCode.Enter())
            return Run(text, field);
    }

    private string Run(string text, string field)
    {
        try
        {
            return redact!(text) ?? "";
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.RedactionFailed(field, exception.GetType().FullName ?? exception.GetType().Name);
            return RedactionFailed;
        }
    }
}
