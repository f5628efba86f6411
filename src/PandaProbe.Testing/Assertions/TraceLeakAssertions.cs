using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Checks that a secret is in nothing that could leave the process.</summary>
public static class TraceLeakAssertions
{
    private const int ShownOfSecret = 3;

    /// <summary>
    /// Checks that a text is in no name, attribute, event, status, identity or score of the trace, neither as it is nor as it stands in
    /// JSON or in an address. The message does not repeat it.
    /// </summary>
    /// <param name="trace">The trace.</param>
    /// <param name="secret">The text. Upper and lower case count.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">The text is there. The message names every place.</exception>
    /// <example><code>trace.ShouldNotContain("4111 1111 1111 1111");</code></example>
    public static CapturedTrace ShouldNotContain(this CapturedTrace trace, string secret)
    {
        ArgumentNullException.ThrowIfNull(trace);
        string[] places = Places(trace, Forms(secret));
        return places.Length == 0 ? trace : throw Failure.Of(trace, Message(secret, places));
    }

    /// <summary>Checks all traces of the capture, and its scores, metrics and diagnostics.</summary>
    /// <inheritdoc cref="ShouldNotContain(CapturedTrace, string)"/>
    /// <param name="capture">The capture.</param>
    /// <param name="secret">The text. Upper and lower case count.</param>
    /// <returns>The capture.</returns>
    public static ProbeCapture ShouldNotContain(this ProbeCapture capture, string secret)
    {
        ArgumentNullException.ThrowIfNull(capture);
        string[] forms = Forms(secret);
        string[] places =
        [
            .. capture.Traces.SelectMany(trace => Places(trace, forms)).Concat(capture.Scores.SelectMany(score => Places(score, forms)))
                .Concat(capture.Measurements.Where(measured => Contains(measured.Attributes, forms))
                .Select(measured => $"metric '{measured.Name}'"))
                .Concat(capture.Diagnostics.Where(said => Contains(said.Text, forms)).Select(said => $"diagnostic {said.Name}"))
                .Distinct(),
        ];
        return places.Length == 0 ? capture : throw new ProbeAssertionException(Message(secret, places));
    }

    private static string Message(string secret, string[] places)
    {
        string shown = secret.Length > ShownOfSecret * 2 ? secret[..ShownOfSecret] + "…" : "…";
        return $"The text '{shown}' ({Texts.Count(secret.Length, "character")}) should be nowhere, but it is in {Texts.Count(places.Length, "place")}:\n"
            + $"{Texts.List(places)}\n\nTo keep it out, set Redact or Safety of AddPandaProbe(), and of Recording in the capture's options.";
    }

    private static string[] Forms(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        string[] inJson = [Strict(secret), Relaxed(secret)];

        // Arguments of tools are JSON inside JSON.
        return [.. inJson.Concat(inJson.Select(Relaxed)).Concat(inJson.Select(Strict)).Prepend(secret).Append(Uri.EscapeDataString(secret))
            .Distinct()];

        static string Strict(string text) => JsonEncodedText.Encode(text).ToString();
        static string Relaxed(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
    }

    private static string[] Places(CapturedTrace trace, string[] forms) =>
        [.. trace.Spans.SelectMany(span => Places(span, forms)), .. trace.Scores.SelectMany(score => Places(score, forms))];

    private static IEnumerable<string> Places(CapturedSpan span, string[] forms)
    {
        // The name may be the place, and the message does not repeat the secret.
        bool isInName = Contains(span.Name, forms);
        string where = isInName ? $"{span.Kind} span number {span.Order + 1}" : $"{span.Kind} '{span.Name}'";
        if (isInName)
            yield return $"{where}: name";
        if (Contains(span.ErrorMessage, forms))
            yield return $"{where}: status";
        if (Contains(span.Activity.TraceStateString, forms))
            yield return $"{where}: tracestate";
        if (Contains(span.Activity.Baggage, forms))
            yield return $"{where}: baggage";
        foreach ((string name, object? value) in span.Attributes)
        {
            if (Contains(name, forms))
                yield return $"{where}: name of an attribute";
            else if (Contains(value, forms))
                yield return $"{where}: attribute {name}";
        }

        foreach (CapturedEvent happened in span.Events)
        {
            if (Contains(happened.Name, forms))
                yield return $"{where}: name of an event";
            foreach ((string name, object? _) in happened.Attributes.Where(attribute => Contains(attribute, forms)))
                yield return $"{where}: event {happened.Name}, attribute {(Contains(name, forms) ? "name" : name)}";
        }

        if (span.Activity.Links.Any(link => Contains(link.Tags, forms) || Contains(link.Context.TraceState, forms)))
            yield return $"{where}: link";
    }

    private static IEnumerable<string> Places(CapturedScore score, string[] forms)
    {
        if (Contains(score.Name, forms) || Contains(score.Value, forms) || Contains(score.Reason, forms) || Contains(score.Metadata, forms))
            yield return "score" + (Contains(score.Name, forms) ? "" : $" '{score.Name}'");
    }

    private static bool Contains(object? value, string[] forms) => value switch
    {
        null => false,
        string text => Array.Exists(forms, form => text.Contains(form, StringComparison.Ordinal)),
        KeyValuePair<string, object?> pair => Contains(pair.Key, forms) || Contains(pair.Value, forms),
        KeyValuePair<string, string?> pair => Contains(pair.Key, forms) || Contains(pair.Value, forms),
        IEnumerable items => items.Cast<object?>().Any(item => Contains(item, forms)),
        _ => Contains(Convert.ToString(value, CultureInfo.InvariantCulture), forms),
    };
}
