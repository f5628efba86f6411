namespace PandaProbe.Testing;

/// <summary>Represents a tool that a model asked for.</summary>
/// <param name="Id">The model's identifier of the call; <see langword="null"/> when there is none.</param>
/// <param name="Name">The name of the tool.</param>
/// <param name="Arguments">The arguments as JSON; <see langword="null"/> when there are none.</param>
public sealed record CapturedToolCall(string? Id, string Name, string? Arguments);
