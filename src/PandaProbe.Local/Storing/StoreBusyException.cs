namespace PandaProbe.Local.Storing;

/// <summary>The writer is behind. The client is to come back.</summary>
internal sealed class StoreBusyException(string message) : Exception(message);
