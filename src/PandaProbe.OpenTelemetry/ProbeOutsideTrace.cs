namespace PandaProbe;

/// <summary>Specifies what a call of a method with <see cref="ProbeSpanAttribute"/> does outside of any trace.</summary>
public enum ProbeOutsideTrace
{
    /// <summary>Use the assembly's <see cref="ProbeSpansAttribute"/>; without one, <see cref="JustRun"/>.</summary>
    Default,

    /// <summary>Run the method and record nothing.</summary>
    JustRun,

    /// <summary>Record the call as a root span, which PandaProbe shows as a trace of its own.</summary>
    Record,
}
