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
        if (!recorder.Step(moves: true, _items!, [StackTraceHidden] static (items) => items.MoveNext(), out bool moved))
            return moved;

        if (moved)
            recorder.OnItem(_items!.Current);
        else
            recorder.Complete();
        return moved;
    }

    public void Reset() => _items!.Reset();

    [StackTraceHidden]
    public void Dispose()
    {
        if (recorder.Step(moves: false, _items, DisposeOf, out _))
            recorder.End();
    }

    [StackTraceHidden]
    private static bool DisposeOf(IEnumerator<T>? items)
    {
        items?.Dispose();
        return true;
    }

    [StackTraceHidden]
    private void Open() => recorder.Step(moves: false, source, [StackTraceHidden] static (source) => source.GetEnumerator(), out _items);
}
