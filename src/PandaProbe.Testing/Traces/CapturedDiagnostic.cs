using System.Diagnostics.Tracing;

namespace PandaProbe.Testing;

/// <summary>Represents what the library reported about itself, for example a value that it had to leave out.</summary>
/// <param name="Level">The severity.</param>
/// <param name="Name">The name of the event, for example <c>ValueRefused</c>.</param>
/// <param name="Text">The message.</param>
public sealed record CapturedDiagnostic(EventLevel Level, string Name, string Text);
