using System.Diagnostics;

namespace PandaProbe.Export.Assembling;

/// <summary>A span that waits to be written.</summary>
/// <param name="Activity">The ended activity.</param>
/// <param name="Parent">The nearest span above that is sent too. The default for a direct child of the trace, and where that span is in
/// another process.</param>
/// <param name="IsAggregate">Whether its usage is the sum of what lies below it.</param>
/// <param name="Bytes">What was held for it when it entered; its owner may go on writing to it.</param>
internal readonly record struct AssembledSpan(Activity Activity, ActivitySpanId Parent, bool IsAggregate, long Bytes);
