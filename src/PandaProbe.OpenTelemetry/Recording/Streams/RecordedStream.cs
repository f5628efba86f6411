using System.Collections;
using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>A synchronous stream whose enumerations are recorded. It is its own first enumerator.</summary>
internal sealed class RecordedStream<T>(IEnumerable<T> source, StreamRecorder<T> recorder) : IEnumerable<T>, IEnumerator<T>
{
    private IEnumerator<T>? _items;

    public T Current => _items!.Current;

    object? IEnumerator.Current => Current;

    [StackTraceHidden]
    public IEnumerator<T> GetEnumerator()
    {
        if (recorder.Enumerate() is not { } enumeration)
            return source.GetEnumerator();

        RecordedStream<T> stream = ReferenceEquals(enumeration, recorder) ? this : new(source, enumeration);
        stream.Open();
        return stream;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    [StackTraceHidden]
    public bool MoveNext()
    {
        if (!recorder.Enter(moves: true))
            return _items!.MoveNext();

        bool moved = false;
        bool failed = true;
        try
        {
            moved = _items!.MoveNext();
            failed = false;
        }
        catch (Exception exception) when (recorder.Saw(exception))
        {
            throw;
        }
        finally
        {
            recorder.Exit();
            if (failed)
                recorder.End();
        }

        if (moved)
            recorder.OnItem(_items.Current);
        else
            recorder.Complete();
        return moved;
    }

    public void Reset() => _items!.Reset();

    [StackTraceHidden]
    public void Dispose()
    {
        if (!recorder.Enter(moves: false))
        {
            _items?.Dispose();
            return;
        }

        try
        {
            _items?.Dispose();
        }
        catch (Exception exception) when (recorder.Saw(exception))
        {
            throw;
        }
        finally
        {
            recorder.Exit();
            recorder.End();
        }
    }

    [StackTraceHidden]
    private void Open()
    {
        if (!recorder.Enter(moves: false))
        {
            _items = source.GetEnumerator();
            return;
        }

        try
        {
            _items = source.GetEnumerator();
        }
        catch (Exception exception) when (recorder.Saw(exception))
        {
            throw;
        }
        finally
        {
            recorder.Exit();
            if (_items is null)
                recorder.End();
        }
    }
}
