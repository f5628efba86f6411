using System.Collections;
using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>A synchronous stream whose first enumeration is recorded.</summary>
internal sealed class ObservedStream<T>(IEnumerable<T> stream, in OpenSpan span, Func<T, string?>? textOf)
    : StreamObserver<T>(span, textOf), IEnumerable<T>, IEnumerator<T>
{
    private IEnumerator<T>? _chunks;

    public T Current => _chunks!.Current;

    object? IEnumerator.Current => Current;

    public IEnumerator<T> GetEnumerator()
    {
        if (!TryBegin())
            return stream.GetEnumerator();

        Activity? consumer = Enter();
        try
        {
            _chunks = stream.GetEnumerator();
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

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool MoveNext()
    {
        bool more;
        Activity? consumer = Enter();
        try
        {
            more = _chunks!.MoveNext();
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
        finally
        {
            Leave(consumer);
        }

        if (more)
            OnChunk(_chunks.Current);
        else
            End(StreamOutcome.Completed);
        return more;
    }

    public void Reset() => _chunks!.Reset();

    public void Dispose()
    {
        Activity? consumer = Enter();
        try
        {
            _chunks?.Dispose();
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
        finally
        {
            Leave(consumer);
        }

        End(StreamOutcome.Abandoned);
    }
}
