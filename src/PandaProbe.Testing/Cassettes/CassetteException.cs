namespace PandaProbe.Testing;

/// <summary>A call that no recording answers, or that could not be recorded. The message says which recording is nearest, where it
/// differs first, and what to do.</summary>
/// <param name="message">The message.</param>
/// <param name="innerException">The cause. Null for none.</param>
public sealed class CassetteException(string message, Exception? innerException = null) : Exception(message, innerException);
