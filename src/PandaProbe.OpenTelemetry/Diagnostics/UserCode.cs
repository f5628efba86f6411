namespace PandaProbe.Diagnostics;

/// <summary>
/// Knows where a redactor, a filter, a logger or a callback of the application runs inside this library. Nothing is recorded there, because
/// what it recorded would call it again, and nothing waits for the export there, because the export may wait for it.
/// </summary>
internal static class UserCode
{
    private static readonly AsyncLocal<Call?> Here = new();
    private static bool _everRan;

    /// <summary>Whether the current <see cref="ExecutionContext"/>, the tasks that it started included, runs such code.</summary>
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

        // A task that was started inside may go on for as long as the process.
        public bool IsOver => _isOver;

        public void Dispose()
        {
            _isOver = true;
            Here.Value = outer;
        }
    }
}
