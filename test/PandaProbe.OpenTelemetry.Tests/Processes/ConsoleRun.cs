using PandaProbe.Otlp;

namespace PandaProbe.Processes;

/// <summary>A process that has ended, and what its receiver got.</summary>
internal sealed record ConsoleRun(AppProcess.Result Result, OtlpReceiver Receiver) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Receiver.DisposeAsync();
}
