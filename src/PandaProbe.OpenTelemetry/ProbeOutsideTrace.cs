namespace PandaProbe;

/// <summary>What a method with <see cref="ProbeSpanAttribute"/> does when it is called outside of any trace.</summary>
public enum ProbeOutsideTrace
{
    /// <summary>What the assembly's <see cref="ProbeSpansAttribute"/> says; without one, the method just runs.</summary>
    Default,

    /// <summary>The method just runs.</summary>
    JustRun,

    /// <summary>The call is recorded as a trace of its own.</summary>
    Record,
}
