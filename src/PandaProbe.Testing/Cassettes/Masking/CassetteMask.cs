using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using PandaProbe.Safety;

namespace PandaProbe.Testing.Cassettes.Masking;

/// <summary>Takes secrets out of what is written into the file.</summary>
internal sealed class CassetteMask(SafetyOptions? more)
{
    /// <summary>Stands for a secret that is known by where it came from.</summary>
    public const string Masked = "[MASKED]";

    // Shorter values, such as the "test" of a replaying test, are words of prompts, too.
    private const int ShortestSecret = 16;

    // Time does not matter in a test, and a body that is withheld on a slow machine would be another body.
    private static readonly SensitiveScanner Secrets =
        new(new() { MaxTime = TimeSpan.FromMinutes(5), MaxLength = int.MaxValue, Detectors = { new OrganizationIds() } });

    private readonly SensitiveScanner? _more = more is null ? null : new(more);
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Remembers the value of a header that carries a secret. It is masked wherever else it stands.</summary>
    public void Know(string value)
    {
        // Authorization: Bearer …
        string secret = value[(value.LastIndexOf(' ') + 1)..].Trim();
        if (secret.Length >= ShortestSecret)
            _known.TryAdd(secret, true);
    }

    public string Mask(string text, string? name = null)
    {
        foreach ((string secret, _) in _known)
            text = text.Replace(secret, Masked, StringComparison.Ordinal);

        text = Scanned(Secrets, text, name);
        return _more is null ? text : Scanned(_more, text, name);
    }

    /// <summary>Returns the JSON with every text masked, and the same instance when there is nothing to mask.</summary>
    public JsonNode? Mask(JsonNode? json)
    {
        if (json is null)
            return null;

        string text = json.ToJsonString(CassetteJson.Compact);
        string masked = Mask(text);
        return masked == text ? json : JsonNode.Parse(masked);
    }

    /// <summary>Overwrites secrets in bytes that are no text with stars, so that lengths within a format stay right.</summary>
    public byte[] Mask(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        char[]? masked = null;
        foreach ((int start, int length) in Find(text))
        {
            masked ??= text.ToCharArray();
            masked.AsSpan(start, length).Fill('*');
        }

        return masked is null ? bytes : Encoding.Latin1.GetBytes(masked);
    }

    /// <summary>Returns where the secrets of a text are.</summary>
    public IEnumerable<(int Start, int Length)> Find(string text)
    {
        foreach ((string secret, _) in _known)
        {
            for (int at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0;
                 at = text.IndexOf(secret, at + secret.Length, StringComparison.Ordinal))
            {
                yield return (at, secret.Length);
            }
        }

        foreach (SensitiveFinding finding in Secrets.Scan(text))
            yield return (finding.Start, finding.Length);

        foreach (SensitiveFinding finding in _more?.Scan(text) ?? [])
            yield return (finding.Start, finding.Length);
    }

    /// <summary>Refuses a file that has a known secret in it, in whatever way it got there.</summary>
    public void Check(string file)
    {
        if (_known.Keys.Any(secret => file.Contains(secret, StringComparison.Ordinal)))
        {
            throw new CassetteException(
                "The cassette was not written, because it would contain the value of a header that carries a secret. Please report this.");
        }
    }

    private static string Scanned(SensitiveScanner scanner, string text, string? name)
    {
        MaskedText masked = scanner.Mask(text, name);
        return masked.Outcome == SafetyOutcome.Withheld
            ? throw new CassetteException(
            $"A text of {text.Length} characters is not recorded, because secrets in it could not be masked: {masked.Reason}")
            : masked.Text;
    }
}
