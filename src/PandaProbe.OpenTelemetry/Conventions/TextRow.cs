namespace PandaProbe.Conventions;

/// <summary>One place from which text leaves the process.</summary>
/// <param name="Name">The attribute, the beginning of the names of several, or the place in words.</param>
/// <param name="Where">What <paramref name="Name"/> is.</param>
/// <param name="Kind">What the text is about.</param>
/// <param name="Setters">The members of the public API through which the text comes, as <c>Method.parameter</c> or
/// <c>Type.Property</c>.</param>
internal sealed record TextRow(string Name, TextPlace Where, TextKind Kind, params string[] Setters)
{
    /// <summary>What <see cref="PandaProbeOptions.Safety"/> does.</summary>
    public TextEffect Masking { get; } = TextEffect.Masked;

    /// <summary>What <see cref="PandaProbeOptions.CaptureContent"/> does when it is off.</summary>
    public TextEffect ContentOff => Kind == TextKind.Label ? TextEffect.Stays : TextEffect.Removed;

    /// <summary>What <see cref="PandaProbeOptions.Redact"/> does.</summary>
    public TextEffect Redact => Kind == TextKind.Label ? TextEffect.Stays : TextEffect.Redacted;
}
