namespace PandaProbe.Safety;

/// <summary>Finds values that only the application knows, for example its customer numbers. Called on several threads at once.</summary>
/// <remarks>
/// A detector that throws, or that makes the scan exceed <see cref="SafetyOptions.MaxTime"/>, costs the value that was being scanned:
/// masking returns <c>[WITHHELD]</c> in its place.
/// </remarks>
/// <example><code>
/// sealed class CustomerNumbers : ISensitiveDetector
/// {
///     public string Name => "customer";
///
///     public void Detect(ReadOnlySpan&lt;char&gt; text, SensitiveMatches matches)
///     {
///         int at = text.IndexOf("CU-");
///         if (at >= 0 &amp;&amp; text.Length >= at + 9)
///             matches.Add(at, 9);
///     }
/// }
/// </code></example>
public interface ISensitiveDetector
{
    /// <summary>Gets the name that findings carry and that stands in the mask in upper case. ASCII letters, digits, <c>-</c> and
    /// <c>_</c>.</summary>
    string Name { get; }

    /// <summary>Adds what is sensitive in the text to <paramref name="matches"/>.</summary>
    /// <param name="text">The text, unescaped when it came from JSON.</param>
    /// <param name="matches">Takes the positions.</param>
    void Detect(ReadOnlySpan<char> text, SensitiveMatches matches);
}
