using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Safety;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Makes texts safe, whatever they are the value of: masks them, keeps what was found, and then gives those that may be content to the
/// redactors.
/// </summary>
/// <param name="scanners">What masks; <see langword="null"/> masks nothing.</param>
/// <param name="kind">The kind of the span; <see langword="null"/> when there is none.</param>
/// <param name="lazily">Whether content that is serialised on demand is made safe on demand, too.</param>
/// <param name="redaction">The policy with redactors; <see langword="null"/> redacts nothing.</param>
/// <param name="isAI">Whether the span is about AI, so that what nobody here knows may be content.</param>
internal sealed class TextMasking(
    FieldScanners? scanners, string? kind, bool lazily = false, ContentPolicy? redaction = null, bool isAI = true) : TextChange
{
    // No detector takes a shorter one for a value.
    private const double ShortestNumber = 10_000_000;
    private const int MostNames = 1024;

    // An array may contain itself.
    private const int DeepestArray = 8;

    private static readonly ConcurrentDictionary<string, string> LastNames = new(StringComparer.Ordinal);
    private static readonly string[] NamesOfPlaces = ["lat", "lon", "lng", "gps", "coord", "geo", "loc", "position"];

    private readonly Redaction? _redaction = redaction is { Redacts: true } ? new(redaction) : null;
    private HashSet<object>? _counted;

    public SafetyFindings Findings { get; } = new();

    public bool Redacts => _redaction is not null;

    /// <param name="span">The span of the texts.</param>
    /// <param name="scanners">What masks; <see langword="null"/> masks nothing.</param>
    /// <param name="redacts">Whether the texts are still to be redacted.</param>
    /// <param name="lazily">Whether content that is serialised on demand is made safe on demand, too.</param>
    /// <returns>What makes the texts of the span safe; <see langword="null"/> when they may leave as they are.</returns>
    public static TextMasking? Of(Activity span, FieldScanners? scanners, bool redacts = true, bool lazily = false)
    {
        ContentPolicy? policy = redacts && ProviderGroup.Of(span).PolicyOf(span) is { Redacts: true } redacting ? redacting : null;
        return scanners is null && policy is null ? null
            : new(scanners, SafetyFields.KindOf(span), lazily, policy, policy is not null && AISpans.Contains(span));
    }

    public override string Name(string name) => Masked(name, null, SafetyFields.Name, SafetyFields.Name);

    /// <summary>Makes the description of a status safe.</summary>
    public string Status(string description)
    {
        string masked = Masked(description, null, TextTable.Status, SafetyFields.Error);
        return _redaction?.Text(masked, SafetyFields.Error) ?? masked;
    }

    public override object? Value(string attribute, object? value)
    {
        if (value is ContentValue content)
            return lazily ? Guarded(attribute, content) : Safe(attribute, content.Safe);
        return Safe(attribute, value);
    }

    private ContentValue Guarded(string attribute, ContentValue content)
    {
        content.Guard(scanners as object ?? this, value => Safe(attribute, value)!);
        return content;
    }

    private object? Safe(string attribute, object? value)
    {
        if (_redaction is null || !ForeignContent.IsText(attribute, value, isAI))
            return Masked(attribute, value, 0);

        // A role in the JSON of a message is no text for a redactor. So content is redacted in its parts, each masked before, and then
        // masked as a whole.
        string field = SafetyFields.Of(attribute);
        return value is ContentValue content
            ? Masked(attribute, _redaction.Value(content, field, text => Masked(text, null, attribute)), 0)
            : _redaction.Value(attribute, Masked(attribute, value, 0), field);
    }

    /// <param name="text">The text.</param>
    /// <param name="name">The name of what the text is the value of.</param>
    /// <param name="attribute">The attribute that has it.</param>
    /// <param name="source">What the text was made from.</param>
    private string Masked(string text, string? name, string attribute, object? source = null)
    {
        if (scanners is null)
            return text;

        SensitiveScanner scanner = scanners.ByField ? scanners.For(kind, SafetyFields.Of(attribute)) : scanners.Widest;
        MaskedText masked = scanner.Mask(text, name);

        // What stands under several names for several backends is found once.
        if (masked.Outcome != SafetyOutcome.Clean && source is not FieldsContent
            && (_counted ??= new(ReferenceEqualityComparer.Instance)).Add(source ?? text))
        {
            Findings.Add(scanner, masked, FieldOf(attribute));
        }

        return masked.Text;
    }

    private string Masked(string text, string? name, string field, string ruleField)
    {
        if (scanners is null)
            return text;

        SensitiveScanner scanner = scanners.For(kind, ruleField);
        MaskedText masked = scanner.Mask(text, name);
        if (masked.Outcome != SafetyOutcome.Clean)
            Findings.Add(scanner, masked, field);
        return masked.Text;
    }

    private object? Masked(string attribute, object? value, int depth)
    {
        if (value is null or bool or Enum || scanners is null)
            return value;

        string name = LastNameOf(attribute);
        switch (value)
        {
            case string text:
                return Masked(text, name, attribute);
            case long or ulong or int or uint or decimal or double or float or short or ushort or byte or sbyte:
                return Number(attribute, value, name);
            case ContentValue content:
                string json = content.ToUnguardedString();
                return Masked(json, name, attribute, content) is var masked && ReferenceEquals(masked, json) ? content : masked;
            case string?[] before:
                string?[] after = Array.ConvertAll(before, item => item is null ? null : Masked(item, name, attribute));
                return before.AsSpan().SequenceEqual(after) ? value : after;
            case object?[] items when depth < DeepestArray:
                object?[] safe = Array.ConvertAll(items, item => Masked(attribute, item, depth + 1));
                return items.AsSpan().SequenceEqual(safe) ? value : safe;
            case Array and not object?[]:
                return value;
            default:
                string rendered = Redaction.Rendered(value);
                return Masked(rendered, name, attribute) is var text2 && ReferenceEquals(text2, rendered) ? value : text2;
        }
    }

    private object Number(string attribute, object value, string name)
    {
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        bool isPlace = number != Math.Floor(number)
            && Array.Exists(NamesOfPlaces, place => name.Contains(place, StringComparison.OrdinalIgnoreCase));
        if (Math.Abs(number) < ShortestNumber && !isPlace)
            return value;

        string text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return Masked(text, name, attribute) is var masked && ReferenceEquals(masked, text) ? value : masked;
    }

    // Findings are counted by a few fields: attributes that nobody here knows are one, and so are metadata, whatever their keys.
    private static string FieldOf(string attribute)
    {
        string field = SafetyFields.Of(attribute);
        if (ReferenceEquals(field, attribute))
            return TextTable.RowOf(attribute).Name;

        return field.StartsWith(SafetyFields.Metadata + ".", StringComparison.Ordinal) ? SafetyFields.Metadata
            : field.StartsWith(SafetyFields.ModelParameters + ".", StringComparison.Ordinal) ? SafetyFields.ModelParameters : field;
    }

    private static string LastNameOf(string attribute)
    {
        if (LastNames.TryGetValue(attribute, out string? name))
            return name;

        name = attribute[(attribute.LastIndexOf('.') + 1)..];
        if (LastNames.Count < MostNames)
            LastNames.TryAdd(attribute, name);
        return name;
    }
}
