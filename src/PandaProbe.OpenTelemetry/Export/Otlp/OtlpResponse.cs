using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Otlp;

/// <summary>What the receiver said to a request.</summary>
/// <param name="Answer">What it means for the request.</param>
/// <param name="Rejected">How many spans the receiver did not take, although it took the request: OTLP's partial success.</param>
/// <param name="Message">What the receiver said about them, or a warning without any.</param>
internal readonly record struct OtlpResponse(Answer Answer, long Rejected = 0, string? Message = null);
