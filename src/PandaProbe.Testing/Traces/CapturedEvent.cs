namespace PandaProbe.Testing;

/// <summary>Represents an event of a span.</summary>
/// <param name="Name">The name, for example <c>exception</c>.</param>
/// <param name="Time">The time of the event.</param>
/// <param name="Attributes">The attributes of the event.</param>
public sealed record CapturedEvent(string Name, DateTimeOffset Time, IReadOnlyDictionary<string, object?> Attributes);
