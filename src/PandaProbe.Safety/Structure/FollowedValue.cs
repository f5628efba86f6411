namespace PandaProbe.Safety;

/// <summary>A value that a tool or a document brought in and a later tool call uses. It never carries the value.</summary>
/// <param name="Kind"><c>url</c>, or the detector that found the value, for example <c>email</c>.</param>
/// <param name="FromSpanId">The span that brought it in.</param>
/// <param name="ToSpanId">The span of the tool call that uses it.</param>
public readonly record struct FollowedValue(string Kind, string FromSpanId, string ToSpanId);
