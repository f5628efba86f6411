namespace PandaProbe.Metrics;

internal sealed record Measured(string Name, double Value, Dictionary<string, object?> Tags);
