using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Inspection;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Makes an ended span safe in place: masks and redacts its name, status, tags and their names, events and links. It runs once for each
/// provider, on the thread of the first exporter that reads the span. Texts of an <see cref="Activity"/> cannot be lazy without another
/// type, so for readers that have no thread of their own only content that is serialised on demand is made safe on demand.
/// </summary>
internal static class SpanMasking
{
    private const string PropertyName = "pandaprobe.safe";

    /// <summary>Returns false when the span cannot be made safe and must not leave.</summary>
    public static bool TryApply(Activity span, FieldScanners? scanners, bool lazily = false)
    {
        try
        {
            // What a span shows is looked for before anything in it is masked, and so once.
            IReadOnlyList<KeyValuePair<string, object?>> findings =
                span.GetCustomProperty(PropertyName) is null ? SpanInspector.FindingsOf(span) : [];

            // Two providers may export the same span on threads of their own.
            lock (span)
            {
                var done = span.GetCustomProperty(PropertyName) as Done;
                if (done is null)
                {
                    foreach ((string attribute, object? value) in findings)
                        span.SetTag(attribute, value);
                }

                if (done?.Scanners.Contains(scanners) != true
                    && TextMasking.Of(span, scanners, redacts: done?.IsRedacted != true, lazily) is { } masking)
                {
                    if (!Apply(span, masking))
                        return false;

                    done ??= new();
                    done.Scanners.Add(scanners);
                    done.IsLazy |= lazily;
                    done.IsRedacted |= masking.Redacts;
                    span.SetCustomProperty(PropertyName, done);
                }

                if (done is { IsLazy: true } && !lazily)
                    done.IsLazy = !TryChange(span, new Final());
                return done?.IsLazy != true || lazily;
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
            string safe = masking.Status(description);
            if (!ReferenceEquals(safe, description))
                span.SetStatus(span.Status, safe);
        }

        if (!TryChange(span, masking))
            return false;

        foreach ((string attribute, object? value) in masking.Findings.Attributes(span.GetTagItem))
            span.SetTag(attribute, value);
        masking.Findings.Report();
        return true;
    }

    private static bool TryChange(Activity span, TextChange change)
    {
        List<(string Name, string SafeName, object? Value)>? changes = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in span.EnumerateTagObjects())
        {
            object? value = change.Value(tag.Key, tag.Value);
            string name = change.Name(tag.Key);
            if (!ReferenceEquals(value, tag.Value) || !ReferenceEquals(name, tag.Key))
                (changes ??= []).Add((tag.Key, name, value));
        }

        foreach ((string name, string safeName, object? value) in changes ?? [])
        {
            if (!ReferenceEquals(name, safeName))
                span.SetTag(name, null);
            span.SetTag(safeName, value);
        }

        return SpanLists.TryChange(span, change);
    }

    /// <summary>What was done to a span.</summary>
    private sealed class Done
    {
        public HashSet<FieldScanners?> Scanners { get; } = [];

        public bool IsRedacted { get; set; }

        /// <summary>Gets or sets whether content waits for being read.</summary>
        public bool IsLazy { get; set; }
    }

    /// <summary>Replaces content that waits for being read by what leaves.</summary>
    private sealed class Final : TextChange
    {
        public override object? Value(string attribute, object? value) => value is ContentValue content ? content.Safe : value;
    }
}
