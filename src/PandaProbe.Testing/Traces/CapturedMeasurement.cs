namespace PandaProbe.Testing;

/// <summary>Represents one measurement of a metric.</summary>
/// <param name="Name">The name of the instrument, for example <c>gen_ai.client.token.usage</c>.</param>
/// <param name="Value">The measured value, in the unit of the instrument.</param>
/// <param name="Attributes">The attributes of the measurement.</param>
public sealed record CapturedMeasurement(string Name, double Value, IReadOnlyDictionary<string, object?> Attributes);
