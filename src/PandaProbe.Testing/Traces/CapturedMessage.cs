using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Represents a message to or from a model.</summary>
/// <param name="Role">The role of the speaker, for example <c>user</c>.</param>
/// <param name="Text">The texts of all text parts, joined.</param>
/// <param name="ToolCalls">The tools that the model asked for.</param>
/// <param name="Parts">All parts as JSON in the form of OpenTelemetry's conventions.</param>
/// <param name="FinishReason">Why the model stopped; <see langword="null"/> when it is not known.</param>
public sealed record CapturedMessage(
    string Role, string Text, IReadOnlyList<CapturedToolCall> ToolCalls, IReadOnlyList<JsonElement> Parts, string? FinishReason = null);
