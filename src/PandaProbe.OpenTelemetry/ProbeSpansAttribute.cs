namespace PandaProbe;

/// <summary>What holds for every <see cref="ProbeSpanAttribute"/> of the assembly that does not say otherwise.</summary>
/// <example><code>[assembly: ProbeSpans(OutsideTrace = ProbeOutsideTrace.Record)]</code></example>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ProbeSpansAttribute : Attribute
{
    /// <summary>What calls outside of any trace do.</summary>
    public ProbeOutsideTrace OutsideTrace { get; set; }
}
