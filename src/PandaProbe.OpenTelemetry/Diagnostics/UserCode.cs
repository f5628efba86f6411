namespace PandaProbe.Diagnostics;

/// <summary>
/// Marks the <see cref="ExecutionContext"/> in which a redactor, a filter, a logger or a callback of the application runs. Code there
/// records nothing, because its spans would call the same code again. It does not wait for the export, because the export may wait for it.
/// </summary>
internal static class UserCode
{
    private static readonly AsyncLocal<Call?> Here = new();
    private static bool _everRan;

    /// <summary>Whether the current <see cref="ExecutionContext"/> runs such code or was captured in it.</summary>
    public static bool IsRunning => Volatile.Read(ref _everRan) && Here.Value is { IsOver: false };

    public static Call Enter()
    {
        Volatile.Write(ref _everRan, true);
        Call call = new(Here.Value);
        Here.Value = call;
        return call;
    }

    public sealed class Call(Call? outer) : IDisposable
    {
        private volatile bool _isOver;

        // A task that the code started keeps its ExecutionContext, perhaps until the process ends.
        public bool IsOver => _isOver;

        public void Dispose()
        {
            _isOver = true;
            Here.Value = outer;
        }
    }
}
