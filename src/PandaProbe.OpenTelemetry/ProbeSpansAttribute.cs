namespace PandaProbe;

/// <summary>Sets the defaults of every <see cref="ProbeSpanAttribute"/> in the assembly.</summary>
/// <example><code>[assembly: ProbeSpans(OutsideTrace = ProbeOutsideTrace.Record)]</code></example>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ProbeSpansAttribute : Attribute
{
    /// <summary>Gets or sets what calls outside of any trace do. The default is to record nothing.</summary>
    public ProbeOutsideTrace OutsideTrace { get; set; }
}
