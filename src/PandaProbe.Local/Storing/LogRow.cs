namespace PandaProbe.Local.Storing;

/// <summary>A log record that belongs to a trace, with its bytes as <c>ResourceLogs</c> of one record.</summary>
internal sealed record LogRow(UInt128 Trace, UInt128 Span, long Time, int Severity, string? Name, bool IsContent, byte[] Data);
