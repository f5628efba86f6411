using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Safety;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Masks an ended span in place, before an exporter that is not ours to change reads it: its name, status, tags and their names, events.
/// Runs on the threads of the export, once for each scanner.
/// </summary>
internal static class SpanMasking
{
    private const string MaskedBy = "pandaprobe.masked";
    private const long ShortestNumber = 10_000_000;

    // Activity has no way to remove events. A trimmed program keeps the field, because the name is written here.
    private static readonly FieldInfo? EventsField = typeof(Activity).GetField("_events", BindingFlags.NonPublic | BindingFlags.Instance);

    /// <summary>Returns false when the span cannot be made safe and must not leave.</summary>
    public static bool TryApply(Activity span, SensitiveScanner scanner)
    {
        try
        {
            return Apply(span, scanner);
        }
        catch (Exception exception)
        {
            // Its message may contain what was to be masked.
            PandaProbeEventSource.Log.RedactionFailed("span", exception.GetType().FullName ?? exception.GetType().Name);
            return false;
        }
    }

    private static bool Apply(Activity span, SensitiveScanner scanner)
    {
        // Two providers may export the same span on threads of their own.
        lock (span)
        {
            if (ReferenceEquals(span.GetCustomProperty(MaskedBy), scanner))
                return true;

            Findings findings = new(scanner);
            span.DisplayName = findings.Mask(span.DisplayName, null);
            if (span.StatusDescription is { } description)
            {
                string safe = findings.Mask(description, null);
                if (!ReferenceEquals(safe, description))
                    span.SetStatus(span.Status, safe);
            }

            MaskTags(span, findings);
            if (!TryMaskEvents(span, findings))
                return false;

            findings.WriteTo(span);
            span.SetCustomProperty(MaskedBy, scanner);
            return true;
        }
    }

    private static void MaskTags(Activity span, Findings findings)
    {
        List<(string Key, string SafeKey, object? Value)>? changes = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in span.EnumerateTagObjects())
        {
            object? value = Masked(tag.Key, tag.Value, findings);
            string key = findings.Mask(tag.Key, null);
            if (!ReferenceEquals(value, tag.Value) || !ReferenceEquals(key, tag.Key))
                (changes ??= []).Add((tag.Key, key, value));
        }

        if (changes is null)
            return;

        foreach ((string key, string safeKey, object? value) in changes)
        {
            if (!ReferenceEquals(key, safeKey))
                span.SetTag(key, null);
            span.SetTag(safeKey, value);
        }
    }

    private static bool TryMaskEvents(Activity span, Findings findings)
    {
        List<ActivityEvent> events = [];
        bool changed = false;
        foreach (ref readonly ActivityEvent recorded in span.EnumerateEvents())
        {
            ActivityTagsCollection tags = [];
            foreach (ref readonly KeyValuePair<string, object?> tag in recorded.EnumerateTagObjects())
            {
                object? value = Masked(tag.Key, tag.Value, findings);
                string key = findings.Mask(tag.Key, null);
                changed |= !ReferenceEquals(value, tag.Value) || !ReferenceEquals(key, tag.Key);
                tags[key] = value;
            }

            string name = findings.Mask(recorded.Name, null);
            changed |= !ReferenceEquals(name, recorded.Name);
            events.Add(new(name, recorded.Timestamp, tags));
        }

        if (!changed)
            return true;
        if (EventsField is null)
            return false;

        EventsField.SetValue(span, null);
        foreach (ActivityEvent safe in events)
            span.AddEvent(safe);
        return true;
    }

    private static object? Masked(string key, object? value, Findings findings)
    {
        // An id pairs a call with its result, and is in the content too.
        if (value is null or bool or Enum || key is GenAI.Tool.Call.Id or GenAI.Response.Id)
            return value;

        string name = key[(key.LastIndexOf('.') + 1)..];
        switch (value)
        {
            case string text:
                return findings.Mask(text, name);
            case long or ulong or int or uint or decimal or double or float:
                string number = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                return Math.Abs(Convert.ToDouble(value, CultureInfo.InvariantCulture)) < ShortestNumber
                    && !number.Contains('.', StringComparison.Ordinal)
                    || findings.Mask(number, name) is var safeNumber && safeNumber == number ? value : safeNumber;
            case string?[] before:
                string?[] after = [.. before.Select(item => item is null ? null : findings.Mask(item, name))];
                return before.SequenceEqual(after) ? value : after;
            default:
                string rendered = value is IEnumerable and not ContentValue ? FrozenValue.ToJson(value) : JsonValue.TextOf(value);
                return findings.Mask(rendered, name) is var safe && ReferenceEquals(safe, rendered) ? value : safe;
        }
    }

    /// <summary>What was found in one span.</summary>
    private sealed class Findings(SensitiveScanner scanner)
    {
        private readonly SortedSet<string> _types = new(StringComparer.Ordinal);
        private int _count;
        private bool _personal;
        private bool _withheld;

        public string Mask(string text, string? name)
        {
            MaskedText masked = scanner.Mask(text, name);
            _withheld |= masked.Outcome == SafetyOutcome.Withheld;
            foreach (SensitiveFinding finding in masked.Findings)
            {
                _count++;
                _types.Add(finding.Type.ToString());
                _personal |= finding.Type is not (
                    SensitiveType.Secret or SensitiveType.PrivateKey or SensitiveType.Password or SensitiveType.Custom);
            }

            return masked.Text;
        }

        public void WriteTo(Activity span)
        {
            if (_count == 0 && !_withheld)
                return;

            span.SetTag(Pandaprobe.Safety.Findings, _count);
            span.SetTag(Pandaprobe.Safety.Types, _types.ToArray());
            span.SetTag(Pandaprobe.Safety.Outcome, _withheld ? "withheld" : "found");
            if (_personal)
                span.SetTag(Pandaprobe.Safety.HasPersonalData, true);
        }
    }
}
