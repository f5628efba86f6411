namespace PandaProbe.Safety;

/// <summary>Finds and masks secrets and personal data with everything switched on. For settings of one's own use <see
/// cref="SensitiveScanner"/>.</summary>
/// <example><code>
/// string safe = Sensitive.Mask("Write to jane@example.com");   // Write to [EMAIL]
/// </code></example>
public static class Sensitive
{
    private static readonly SensitiveScanner Everything = new(new SafetyOptions().MaskPersonalData());

    /// <summary>Finds what is sensitive in a text.</summary>
    /// <param name="text">The text; null is empty.</param>
    /// <returns>The findings in the order of the text.</returns>
    public static IReadOnlyList<SensitiveFinding> Scan(string? text) => Everything.Scan(text);

    /// <summary>Puts the type in place of what is sensitive. A text that is JSON stays JSON of the same shape.</summary>
    /// <param name="text">The text; null is empty.</param>
    /// <returns>The safe text; the same instance when nothing was found.</returns>
    public static string Mask(string? text) => Everything.Mask(text).Text;
}
