using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace PandaProbe.Recording;

/// <summary>
/// An asynchronous stream whose first enumeration is recorded. Not an async iterator: that would run apart from the consumer's flow, and could not say there that the span
/// is no longer current. Here the consumer itself fetches each result, by <c>GetResult</c>, and whatever has to happen happens then; waiting costs no allocation of its own.
/// </summary>
internal sealed class ObservedAsyncStream<T>(IAsyncEnumerable<T> stream, in OpenSpan span, Func<T, string?>? textOf)
    : StreamObserver<T>(span, textOf), IAsyncEnumerable<T>, IAsyncEnumerator<T>, IValueTaskSource<bool>, IValueTaskSource
{
    private IAsyncEnumerator<T>? _chunks;
    private ManualResetValueTaskSourceCore<bool> _arrival;
    private ValueTask<bool> _next;
    private ValueTask _disposal;
    private bool _disposing;
    private Action? _signal;

    public T Current => _chunks!.Current;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (!TryBegin())
            return stream.GetAsyncEnumerator(cancellationToken);

        Activity? consumer = Enter();
        try
        {
            _chunks = stream.GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
        finally
        {
            Leave(consumer);
        }

        return this;
    }

    public ValueTask<bool> MoveNextAsync()
    {
        ValueTask<bool> next;
        Activity? consumer = Enter();
        try
        {
            next = _chunks!.MoveNextAsync();
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
        finally
        {
            Leave(consumer);
        }

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

    public ValueTask DisposeAsync()
    {
        ValueTask disposal;
        Activity? consumer = Enter();
        try
        {
            disposal = _chunks!.DisposeAsync();
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
        finally
        {
            Leave(consumer);
        }

        if (disposal.IsCompletedSuccessfully)
        {
            End(StreamOutcome.Abandoned);
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

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _arrival.GetResult(token);
        ValueTask<bool> next = _next;
        _next = default;
        bool more;
        try
        {
            more = next.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }

        return Advance(more);
    }

    void IValueTaskSource.GetResult(short token)
    {
        _arrival.GetResult(token);
        try
        {
            _disposal.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }

        End(StreamOutcome.Abandoned);
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Status(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _arrival.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _arrival.OnCompleted(continuation, state, token, flags);

    private bool Advance(bool more)
    {
        if (more)
            OnChunk(_chunks!.Current);
        else
            End(StreamOutcome.Completed);
        return more;
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
