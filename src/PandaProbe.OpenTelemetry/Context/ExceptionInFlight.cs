using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using PandaProbe.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// Tells the <c>Dispose</c> of a scope whether an exception that was thrown after the scope was opened is leaving through it.
/// </summary>
/// <remarks>
/// <para><see cref="Marshal.GetExceptionPointers"/> is not zero while an exception is in flight on this thread, and identifies it. <see cref="AppDomain.FirstChanceException"/>
/// sees every throw and rethrow first: it gives the throw a number and files it under that address. A scope keeps the newest number of the whole process at its start,
/// on whatever thread the throw was: only a throw with a later number can leave the scope.</para>
/// <para>An exception in flight does not always leave. An async method that fails completes its task inside its own <c>catch</c>, and the continuation of whoever awaits the
/// task runs there, while the exception is still in flight. Such a continuation runs in the <see cref="ExecutionContext"/> of its await. So each throw is also noted in the
/// <see cref="ExecutionContext"/>, and leaves only scopes that end in the context in which it was thrown.</para>
/// <para>What cannot be told apart:</para>
/// <list type="bullet">
/// <item>A scope that is disposed by hand inside the <c>catch</c> of an exception thrown after it was opened reports that exception.</item>
/// <item>A scope in an iterator whose consumer throws reports that exception: <c>foreach</c> disposes the iterator while the exception passes.</item>
/// <item>A scope that was opened before the throw, and awaits while <see cref="ExecutionContext.SuppressFlow"/> is in force, reports an exception of another flow when that
/// flow's <c>catch</c> runs its continuation: the continuation then runs in the context of the <c>catch</c>.</item>
/// <item>A scope that ends after <see cref="ExecutionContext.Restore"/> of a context from before the throw reports nothing: that context knows no throw.</item>
/// </list>
/// <para>Compiled ahead of time, <see cref="Marshal.GetExceptionPointers"/> is not supported, and no scope reports an exception. <see cref="AppDomain.FirstChanceException"/>
/// works there, but does not tell whether the exception was caught meanwhile: a false error would be worse than a missing one.</para>
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
    private static bool _saidNotSupported;
    private static long _lastSequence;
    private static long _observedAfter;

    [ThreadStatic]
    private static ThrowsOfThread? _throws;

    /// <summary>Begins or ends to watch exceptions. What was thrown while nobody watched is never reported.</summary>
    internal static void Watch(bool wanted)
    {
        lock (Gate)
        {
            if (wanted == _watches)
                return;

            _watches = wanted;
            if (!IsSupported)
            {
                if (!_saidNotSupported)
                    PandaProbeEventSource.Log.ExceptionsNotSeen();
                _saidNotSupported = true;
                return;
            }

            if (!wanted)
                AppDomain.CurrentDomain.FirstChanceException -= OnFirstChance;
            Volatile.Write(ref _observedAfter, Interlocked.Read(ref _lastSequence));
            if (wanted)
                AppDomain.CurrentDomain.FirstChanceException += OnFirstChance;
        }
    }

    /// <summary>The moment at which a scope opens, as the number of the newest throw in the process. It is complemented when an exception is in flight on this thread.</summary>
    internal static long Mark()
    {
        long newest = Interlocked.Read(ref _lastSequence);
        return Pointer() == 0 ? newest : ~newest;
    }

    /// <summary>Whether an exception that was thrown after the mark is leaving the block that calls this from its <c>finally</c>.</summary>
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
            // When one was in flight at the mark, this may be the same one: a missing error is better than a false one.
            return mark >= 0;
        }

        if (found.Sequence <= (mark < 0 ? ~mark : mark) || !HappenedHere(found.Sequence))
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
