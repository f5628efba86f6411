using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace PandaProbe.Recording;

/// <summary>An asynchronous stream whose enumerations are recorded. It is its own first enumerator.</summary>
/// <remarks>
/// Neither an async iterator nor an <c>async</c> method: what these set in an <see cref="AsyncLocal{T}"/>, such as
/// <see cref="Activity.Current"/>, is undone when they return, so they could not end a span that is current for the consumer. Here the
/// consumer calls <c>GetResult</c> in its own <see cref="ExecutionContext"/>. The stack traces of the stream's exceptions stay unchanged,
/// and waiting allocates nothing.
/// </remarks>
internal sealed class RecordedAsyncStream<T>(IAsyncEnumerable<T> source, StreamRecorder<T> recorder)
    : IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>, IValueTaskSource
{
    private IAsyncEnumerator<T>? _items;
    private ManualResetValueTaskSourceCore<bool> _arrival;
    private ValueTask<bool> _next;
    private ValueTask _disposal;
    private bool _disposing;
    private Action? _signal;

    public T Current => _items!.Current;

    [StackTraceHidden]
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (recorder.Enumerate() is not { } enumeration)
            return source.GetAsyncEnumerator(cancellationToken);

        RecordedAsyncStream<T> stream = ReferenceEquals(enumeration, recorder) ? this : new(source, enumeration);
        stream.Open(cancellationToken);
        return stream;
    }

    [StackTraceHidden]
    public ValueTask<bool> MoveNextAsync()
    {
        if (!recorder.Step(moves: true, _items!, [StackTraceHidden] static (items) => items.MoveNextAsync(), out ValueTask<bool> next))
            return next;
        if (next.IsCompletedSuccessfully)
            return new(Advance(next.Result));

        _next = next;
        _arrival.Reset();
        if (next.IsCompleted)
            _arrival.SetResult(true);
        else
            next.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_signal ??= Signal);
        return new(this, _arrival.Version);
    }

    [StackTraceHidden]
    public ValueTask DisposeAsync()
    {
        if (!recorder.Step(moves: false, _items!, [StackTraceHidden] static (items) => items.DisposeAsync(), out ValueTask disposal))
            return disposal;
        if (disposal.IsCompletedSuccessfully)
        {
            recorder.End();
            return disposal;
        }

        _disposal = disposal;
        _disposing = true;
        _arrival.Reset();
        if (disposal.IsCompleted)
            _arrival.SetResult(true);
        else
            disposal.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_signal ??= Signal);
        return new(this, _arrival.Version);
    }

    [StackTraceHidden]
    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _arrival.GetResult(token);
        ValueTask<bool> next = _next;
        _next = default;
        return Advance(recorder.Guard(next, [StackTraceHidden] static (next) => next.GetAwaiter().GetResult()));
    }

    [StackTraceHidden]
    void IValueTaskSource.GetResult(short token)
    {
        _arrival.GetResult(token);
        recorder.Guard(_disposal, ResultOf);
        recorder.End();
    }

    [StackTraceHidden]
    private static bool ResultOf(ValueTask disposal)
    {
        disposal.GetAwaiter().GetResult();
        return true;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Status(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _arrival.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _arrival.OnCompleted(continuation, state, token, flags);

    [StackTraceHidden]
    private void Open(CancellationToken cancellationToken) => recorder.Step(
        moves: false, (source, cancellationToken),
        [StackTraceHidden] static (opening) => opening.source.GetAsyncEnumerator(opening.cancellationToken), out _items);

    private bool Advance(bool moved)
    {
        if (moved)
            recorder.OnItem(_items!.Current);
        else
            recorder.Complete();
        return moved;
    }

    private void Signal() => _arrival.SetResult(true);

    private ValueTaskSourceStatus Status(short token)
    {
        ValueTaskSourceStatus status = _arrival.GetStatus(token);
        if (status != ValueTaskSourceStatus.Succeeded)
            return status;

        bool succeeded = _disposing ? _disposal.IsCompletedSuccessfully : _next.IsCompletedSuccessfully;
        bool cancelled = _disposing ? _disposal.IsCanceled : _next.IsCanceled;
        return succeeded ? status : cancelled ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted;
    }
}
