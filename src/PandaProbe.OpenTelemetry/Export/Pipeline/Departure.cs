using PandaProbe.Export.Assembling;

namespace PandaProbe.Export.Pipeline;

/// <summary>A trace that a sender is to send, and the flush that waits for it.</summary>
internal readonly record struct Departure(TraceRecord Record, FlushGeneration Generation);
