namespace PandaProbe.Export.Assembling;

/// <summary>Where assembled traces go; a test looks at them here.</summary>
internal interface ISendQueue
{
    bool IsFull(int waiting);

    /// <summary>There is no room: the trace goes to disk, or is dropped and counted.</summary>
    void Overflow(TraceRecord record);

    void Send(TraceRecord record, bool confirm);
}
