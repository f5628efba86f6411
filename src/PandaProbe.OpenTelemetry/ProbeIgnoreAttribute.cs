namespace PandaProbe;

/// <summary>Keeps a parameter out of the input, or a result (<c>[return: ProbeIgnore]</c>) out of the output, of a method with
/// <see cref="ProbeTraceAttribute"/> or <see cref="ProbeSpanAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class ProbeIgnoreAttribute : Attribute;
