namespace PandaProbe;

/// <summary>
/// Excludes a parameter from the input, or a result (<c>[return: ProbeIgnore]</c>) from the output, of a method with
/// <see cref="ProbeTraceAttribute"/> or <see cref="ProbeSpanAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class ProbeIgnoreAttribute : Attribute;
