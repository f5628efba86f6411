using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace PandaProbe.Safety.Masking;

/// <summary>What is written in the place of findings.</summary>
internal sealed class Replacements
{
    public const string Dropped = "[DROPPED]";

    private const int Last = 4, ShortestForLast = 9, HashedBytes = 16;

    private static readonly string[] Labels =
        ["CUSTOM", "CARD", "IBAN", "EMAIL", "PHONE", "IP", "MAC", "NATIONAL_ID", "CRYPTO", "BIRTH_DATE", "LOCATION", "SECRET",
            "PRIVATE_KEY", "PASSWORD"];

    private readonly SensitiveAction[] _actions;
    private readonly byte[]? _key;
    private readonly string _keyId;

    public Replacements(SafetyOptions options, SensitiveAction[] actions)
    {
        _actions = actions;
        _key = options.HashKey?.ToArray();
        _keyId = options.HashKeyId is { } id ? id.ToString(CultureInfo.InvariantCulture) + ":" : "";
    }

    public bool CanHash => _key is not null;

    public SensitiveAction ActionOf(SensitiveType type) => _actions[(int)type];

    /// <summary>Writes the text with replacements. <paramref name="ends"/> takes where each replacement ends in the result.</summary>
    public string Apply(ReadOnlySpan<char> text, List<SensitiveFinding> findings, List<int> ends)
    {
        ends.Clear();
        StringBuilder result = new(text.Length);
        int end = 0;
        foreach (SensitiveFinding finding in findings)
        {
            result.Append(text[end..finding.Start]);
            end = finding.End;
            ReadOnlySpan<char> value = text[finding.Start..end];
            switch (ActionOf(finding.Type))
            {
                case SensitiveAction.Mask:
                    result.Append('[').Append(LabelOf(finding)).Append(']');
                    break;
                case SensitiveAction.KeepLast:
                    result.Append('[').Append(LabelOf(finding));
                    AppendLast(result, value);
                    result.Append(']');
                    break;
                case SensitiveAction.Hash:
                    result.Append(Hash(value));
                    break;
                case SensitiveAction.Drop:
                    // What follows a name without a value would be read as its value in the next scan.
                    result.Append(EndsWithSign(result) ? "[]" : "");
                    break;
                case SensitiveAction.DropContent:
                    return Dropped;
                default:
                    result.Append(value);
                    break;
            }

            ends.Add(result.Length);
        }

        return result.Append(text[end..]).ToString();
    }

    public bool DropsContent(List<SensitiveFinding> findings)
    {
        foreach (SensitiveFinding finding in findings)
        {
            if (ActionOf(finding.Type) == SensitiveAction.DropContent)
            {
                return true;
            }
        }

        return false;
    }

    public string Hash(ReadOnlySpan<char> value)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key!, MemoryMarshal.AsBytes(value), hash);
        return _keyId + Convert.ToBase64String(hash[..HashedBytes]);
    }

    private static bool EndsWithSign(StringBuilder text)
    {
        int at = text.Length - 1;
        while (at >= 0 && text[at] is ' ' or '\t' or '"' or '\'')
        {
            at--;
        }

        return at >= 0 && text[at] is '=' or ':' or '>';
    }

    private static string LabelOf(SensitiveFinding finding) =>
        finding.Type == SensitiveType.Custom ? finding.Detector.ToUpperInvariant() : Labels[(int)finding.Type];

    private static void AppendLast(StringBuilder result, ReadOnlySpan<char> value)
    {
        if (value.Length < ShortestForLast)
        {
            return;
        }

        result.Append(' ');
        foreach (char c in value[^Last..])
        {
            result.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        }
    }
}
