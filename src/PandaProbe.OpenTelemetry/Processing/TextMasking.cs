using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Safety;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>Masks texts, whatever they are the value of, and keeps what was found.</summary>
/// <param name="scanners">What masks.</param>
/// <param name="kind">The kind of the span; <see langword="null"/> when there is none.</param>
/// <param name="lazily">Whether content that is serialised on demand is masked on demand, too.</param>
internal sealed class TextMasking(FieldScanners scanners, string? kind, bool lazily = false) : TextChange
{
    // No detector takes a shorter one for a value.
    private const double ShortestNumber = 10_000_000;
    private const int MostNames = 1024;

    // An array may contain itself.
    private const int DeepestArray = 8;

    private static readonly ConcurrentDictionary<string, string> LastNames = new(StringComparer.Ordinal);
    private static readonly string[] NamesOfPlaces = ["lat", "lon", "lng", "gps", "coord", "geo", "loc", "position"];

    public SafetyFindings Findings { get; } = new();

    public override string Name(string name) => Text(name, null, "name", SafetyFields.Name);

    /// <param name="text">The text.</param>
    /// <param name="name">The name of what the text is the value of.</param>
    /// <param name="field">Where a finding is counted. Attributes that nobody here knows are one field.</param>
    /// <param name="ruleField">The field in rules.</param>
    public string Text(string text, string? name, string field, string ruleField)
    {
        SensitiveScanner scanner = scanners.For(kind, ruleField);
        MaskedText masked = scanner.Mask(text, name);
        if (masked.Outcome != SafetyOutcome.Clean)
            Findings.Add(scanner, masked, _ => field);
        return masked.Text;
    }

    private string Text(string text, string name, string attribute) =>
        Text(text, name, FieldOf(attribute), scanners.ByField ? SafetyFields.Of(attribute) : attribute);

    public override object? Value(string attribute, object? value) => Value(attribute, value, 0);

    private object? Value(string attribute, object? value, int depth)
    {
        if (value is null or bool or Enum)
            return value;

        string name = LastNameOf(attribute);
        switch (value)
        {
            case string text:
                return Text(text, name, attribute);
            case long or ulong or int or uint or decimal or double or float or short or ushort or byte or sbyte:
                return Number(attribute, value, name);
            case ContentValue content when lazily:
                content.Guard(scanners.For(kind, SafetyFields.Of(attribute)));
                return content;
            case ContentValue content:
                string json = content.ToUnmaskedString();
                return Text(json, name, attribute) is var masked && ReferenceEquals(masked, json) ? content : masked;
            case string?[] before:
                string?[] after = Array.ConvertAll(before, item => item is null ? null : Text(item, name, attribute));
                return before.AsSpan().SequenceEqual(after) ? value : after;
            case object?[] items when depth < DeepestArray:
                object?[] safe = Array.ConvertAll(items, item => Value(attribute, item, depth + 1));
                return items.AsSpan().SequenceEqual(safe) ? value : safe;
            case Array and not object?[]:
                return value;
            default:
                // The application's code may flush, which waits for this thread. A sequence may have no end: the serialiser stops at its
                // budget.
                string rendered;
                using (UserCode.Enter())
                    rendered = value is IEnumerable ? ContentSerializer.SerializeUntyped(value) : JsonValue.TextOf(value);
                return Text(rendered, name, attribute) is var text2 && ReferenceEquals(text2, rendered) ? value : text2;
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
        return Text(text, name, attribute) is var masked && ReferenceEquals(masked, text) ? value : masked;
    }

    private static string FieldOf(string attribute) => TextTable.RowOf(attribute).Name;

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
