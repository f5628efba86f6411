using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Context;

/// <summary>
/// Tells the <c>Dispose</c> of a scope whether an exception that was thrown after the scope was opened is leaving through it.
/// </summary>
/// <remarks>
/// <para>The runtime says that an exception is in flight on this thread and where its bookkeeping lives, which identifies it while it lives; every
/// throw and rethrow is seen first by <see cref="AppDomain.FirstChanceException"/>, which files it under that address.</para>
/// <para>In flight is not yet leaving: an async method that fails completes its task inside its own <c>catch</c>, and whoever awaits the task
/// continues right there, on top of an exception that is none of its business. Such a continuation runs in the execution context of
/// its await. So each throw also leaves a mark in the execution context, and only who runs where that throw happened is left by it.</para>
/// <para>Being handled looks like leaving: a scope disposed by hand inside the <c>catch</c> of an exception thrown after it was opened reports
/// that exception, and so does a scope in an iterator whose consumer throws, because <c>foreach</c> disposes the iterator while the exception passes.</para>
/// </remarks>
internal static class ExceptionInFlight
{
    private const int MaxDepth = 1024;

    private static readonly bool IsSupported = IsSupportedBy(Marshal.GetExceptionPointers);

    // Since .NET 9 the bookkeeping of an exception lies on the stack of its thread; before, it came from a pool.
    private static readonly bool PointersFollowTheStack = Environment.Version.Major >= 9;

    private static readonly AsyncLocal<Throw?> LastThrow = new();
    private static readonly object Gate = new();
    private static bool _watches;
    private static long _lastSequence;
    private static long _observedAfter;

    [ThreadStatic]
    private static ThrowsOfThread? _throws;

    /// <summary>Begins or ends to watch exceptions. What was thrown while nobody watched is never reported.</summary>
    internal static void Watch(bool wanted)
    {
        lock (Gate)
        {
            if (wanted == _watches || !IsSupported)
                return;

            _watches = wanted;
            if (!wanted)
                AppDomain.CurrentDomain.FirstChanceException -= OnFirstChance;
            Volatile.Write(ref _observedAfter, Interlocked.Read(ref _lastSequence));
            if (wanted)
                AppDomain.CurrentDomain.FirstChanceException += OnFirstChance;
        }
    }

    /// <summary>Identifies the exception that is in flight on this thread already: 0 when there is none.</summary>
    internal static long Mark()
    {
        var pointer = Pointer();
        if (pointer == 0)
        {
            return 0;
        }

        return _throws is { } throws && throws.TryFind(pointer, out var found) && IsObserved(found) ? found.Sequence : ~(long)pointer;
    }

    /// <summary>Whether an exception other than the marked one is leaving the block that calls this from its <c>finally</c>.</summary>
    /// <param name="mark">What <see cref="Mark"/> returned when the block was entered.</param>
    /// <param name="exception">The exception, or null when it was thrown while nobody observed.</param>
    internal static bool IsLeaving(long mark, out Exception? exception)
    {
        exception = null;
        var pointer = Pointer();
        if (pointer == 0)
        {
            return false;
        }

        if (_throws is not { } throws || !throws.TryFind(pointer, out var found) || !IsObserved(found))
        {
            // With another mark it may be the marked one, forgotten meanwhile: a missing error is better than a false one.
            return mark == 0;
        }

        if (found.Sequence == mark || !HappenedHere(found.Sequence))
        {
            return false;
        }

        exception = found.Exception;
        return true;
    }

    internal static bool IsSupportedBy(Func<nint> getExceptionPointers)
    {
        try
        {
            _ = getExceptionPointers();
            return true;
        }
        catch (PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static nint Pointer() => IsSupported ? Marshal.GetExceptionPointers() : 0;

    private static bool IsObserved(in Entry entry) => entry.Sequence > Volatile.Read(ref _observedAfter);

    private static bool HappenedHere(long sequence)
    {
        var last = LastThrow.Value;
        while (last is not null && last.Sequence > sequence)
        {
            last = last.Enclosing;
        }

        return last?.Sequence == sequence;
    }

    private static void OnFirstChance(object? sender, FirstChanceExceptionEventArgs e)
    {
        try
        {
            (_throws ??= new ThrowsOfThread()).Add(Pointer(), e.Exception);
        }
#pragma warning disable CA1031 // The application is busy with an exception of its own; only running out of memory or stack can bring us here.
        catch
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>What the execution context remembers of a throw; the enclosing one is an exception that was still in flight around it.</summary>
    private sealed class Throw(long sequence, Throw? enclosing)
    {
        public long Sequence { get; } = sequence;

        public Throw? Enclosing { get; } = enclosing;
    }

    private struct Entry
    {
        public nint Pointer;
        public long Sequence;
        private WeakReference<Exception>? _exception;

        public Exception? Exception
        {
            readonly get => _exception is not null && _exception.TryGetTarget(out var exception) ? exception : null;
            set
            {
                if (_exception is null)
                {
                    _exception = new WeakReference<Exception>(value!);
                }
                else
                {
                    _exception.SetTarget(value!);
                }
            }
        }
    }

    /// <summary>The exceptions that may be in flight on one thread, the innermost last.</summary>
    private sealed class ThrowsOfThread
    {
        private Entry[] _entries = new Entry[4];
        private int _count;
        private bool _adding;

        public bool TryFind(nint pointer, out Entry found)
        {
            for (var i = _count - 1; i >= 0; i--)
            {
                if (_entries[i].Pointer == pointer)
                {
                    found = _entries[i];
                    return true;
                }
            }

            found = default;
            return false;
        }

        public void Add(nint pointer, Exception exception)
        {
            // An exception of our own, such as no memory for the entry, must not bring us back here.
            if (_adding || pointer == 0)
            {
                return;
            }

            _adding = true;
            try
            {
                Forget(pointer);
                MakeRoom();
                var sequence = Interlocked.Increment(ref _lastSequence);
                ref var entry = ref _entries[_count];
                entry.Pointer = pointer;
                entry.Sequence = sequence;
                entry.Exception = exception;
                var enclosing = LastThrow.Value;
                while (enclosing is not null && !Contains(enclosing.Sequence))
                {
                    enclosing = enclosing.Enclosing;
                }

                _count++;
                LastThrow.Value = new Throw(sequence, enclosing);
            }
            finally
            {
                _adding = false;
            }
        }

        // What had this address is gone; on the stack, so is everything below it.
        private void Forget(nint pointer)
        {
            if (PointersFollowTheStack)
            {
                while (_count > 0 && _entries[_count - 1].Pointer <= pointer)
                {
                    _count--;
                }

                return;
            }

            for (var i = _count - 1; i >= 0; i--)
            {
                if (_entries[i].Pointer == pointer)
                {
                    RemoveAt(i);
                    return;
                }
            }
        }

        private void MakeRoom()
        {
            if (_count < _entries.Length)
            {
                return;
            }

            for (var i = _count - 1; i >= 0; i--)
            {
                if (_entries[i].Exception is null)
                {
                    RemoveAt(i);
                }
            }

            if (_count == MaxDepth)
            {
                RemoveAt(0);
            }
            else if (_count == _entries.Length)
            {
                Array.Resize(ref _entries, _count * 2);
            }
        }

        // The removed entry is kept behind the others for its weak reference.
        private void RemoveAt(int index)
        {
            var removed = _entries[index];
            _count--;
            Array.Copy(_entries, index + 1, _entries, index, _count - index);
            _entries[_count] = removed;
        }

        private bool Contains(long sequence)
        {
            var i = _count - 1;
            while (i >= 0 && _entries[i].Sequence > sequence)
            {
                i--;
            }

            return i >= 0 && _entries[i].Sequence == sequence;
        }
    }
}
