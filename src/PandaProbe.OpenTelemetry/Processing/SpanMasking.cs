using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Inspection;

namespace PandaProbe.Processing;

/// <summary>
/// Masks an ended span in place: its name, status, tags and their names, events and links. It runs on the threads of the export to OTLP. An
/// exporter of the application reads the span as it likes, and texts of an <see cref="Activity"/> cannot be lazy without another type. So
/// for these exporters the texts are masked by the thread that ends the span, and only content that is serialised on demand is masked on
/// demand.
/// </summary>
internal static class SpanMasking
{
    /// <summary>Returns false when the span cannot be made safe and must not leave.</summary>
    public static bool TryApply(Activity span, FieldScanners scanner, bool lazily = false)
    {
        try
        {
            // What a span shows is looked for before anything in it is masked.
            IReadOnlyList<KeyValuePair<string, object?>> findings = SpanInspector.FindingsOf(span);

            // Two providers may export the same span on threads of their own.
            lock (span)
            {
                foreach ((string attribute, object? value) in findings)
                    span.SetTag(attribute, value);
                return Apply(span, new(scanner, SafetyFields.KindOf(span), lazily));
            }
        }
        catch (Exception exception)
        {
            // Its message may contain what was to be masked.
            PandaProbeEventSource.Log.RedactionFailed("span", exception.GetType().FullName ?? exception.GetType().Name);
            return false;
        }
    }

    private static bool Apply(Activity span, TextMasking masking)
    {
        string name = masking.Name(span.DisplayName);
        if (!ReferenceEquals(name, span.DisplayName))
            span.DisplayName = name;
        if (span.StatusDescription is { } description)
        {
            string safe = masking.Text(description, null, TextTable.Status, SafetyFields.Error);
            if (!ReferenceEquals(safe, description))
                span.SetStatus(span.Status, safe);
        }

        MaskTags(span, masking);
        if (!SpanLists.TryChange(span, masking))
            return false;

        foreach ((string attribute, object? value) in masking.Findings.Attributes(span.GetTagItem))
            span.SetTag(attribute, value);
        masking.Findings.Report();
        return true;
    }

    private static void MaskTags(Activity span, TextMasking masking)
    {
        List<(string Name, string SafeName, object? Value)>? changes = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in span.EnumerateTagObjects())
        {
            object? value = masking.Value(tag.Key, tag.Value);
            string name = masking.Name(tag.Key);
            if (!ReferenceEquals(value, tag.Value) || !ReferenceEquals(name, tag.Key))
                (changes ??= []).Add((tag.Key, name, value));
        }

        foreach ((string name, string safeName, object? value) in changes ?? [])
        {
            if (!ReferenceEquals(name, safeName))
                span.SetTag(name, null);
            span.SetTag(safeName, value);
        }
    }
}
