using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using PandaProbe.Diagnostics;

namespace PandaProbe.Context;

/// <summary>Tells the <c>Dispose</c> of a scope whether an exception that was thrown after the scope opened is leaving the scope.</summary>
/// <remarks>
/// <para><see cref="Marshal.GetExceptionPointers"/> identifies the exception in flight on this thread; it is zero without one.
/// <see cref="AppDomain.FirstChanceException"/> is raised first for every throw and rethrow. Its handler numbers the throw and stores the
/// number under that address. A scope stores the newest number of the process, of any thread, when it opens. Only a throw with a later
/// number can leave the scope.</para>
/// <para>An exception in flight does not always leave the scope. An async method that fails completes its task inside its own <c>catch</c>.
/// The continuation of the awaiting method runs there, while the exception is still in flight, in the <see cref="ExecutionContext"/> of its
/// await. So each throw is also stored in the <see cref="ExecutionContext"/>, and leaves only scopes that end in the
/// <see cref="ExecutionContext"/> of the throw.</para>
/// <para>Known wrong answers:</para>
/// <list type="bullet">
/// <item>A scope that is disposed by hand inside the <c>catch</c> of an exception thrown after it opened reports that exception.</item>
/// <item>A scope in an iterator whose consumer throws reports that exception: <c>foreach</c> disposes the iterator during the
/// unwinding.</item>
/// <item>A scope that opened before the throw, and awaits while <see cref="ExecutionContext.SuppressFlow"/> is in force, reports an
/// exception of another <see cref="ExecutionContext"/> whose <c>catch</c> runs its continuation: the continuation runs in the context of
/// the <c>catch</c>.</item>
/// <item>A scope that ends after <see cref="ExecutionContext.Restore"/> of a context from before the throw reports nothing: that context
/// has no throw stored.</item>
/// </list>
/// <para>Under ahead-of-time compilation, <see cref="Marshal.GetExceptionPointers"/> is not supported, and no scope reports an exception.
/// <see cref="AppDomain.FirstChanceException"/> works there, but does not tell whether the exception was caught. A missing error is better
/// than a false one.</para>
/// </remarks>
internal static class ExceptionInFlight
{
    private const int MaxDepth = 1024;

    private static readonly bool IsSupported = IsSupportedBy(Marshal.GetExceptionPointers);

    // Since .NET 9 the exception record lies on the stack of its thread. Before, it came from a pool.
    private static readonly bool PointersFollowTheStack = Environment.Version.Major >= 9;

    private static readonly AsyncLocal<Throw?> LastThrow = new();
    private static readonly object Gate = new();
    private static bool _watches;
    private static bool _saidNotSupported;
    private static long _lastSequence;
    private static long _observedAfter;

    [ThreadStatic]
    private static ThrowsOfThread? _throws;

    /// <summary>
    /// Starts or stops watching exceptions. A scope reports an exception that was thrown meanwhile without the exception object.
    /// </summary>
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

    /// <summary>
    /// Returns the number of the newest throw in the process. Complemented when an exception is in flight on this thread.
    /// </summary>
    internal static long Mark()
    {
        long newest = Interlocked.Read(ref _lastSequence);
        return Pointer() == 0 ? newest : ~newest;
    }

    /// <summary>
    /// Returns whether an exception that was thrown after the mark is leaving the block that calls this from its <c>finally</c>.
    /// </summary>
    /// <param name="mark">What <see cref="Mark"/> returned when the block was entered.</param>
    /// <param name="exception">The exception; <see langword="null"/> when it was thrown while nothing watched.</param>
    internal static bool IsLeaving(long mark, out Exception? exception)
    {
        exception = null;
        nint pointer = Pointer();
        if (pointer == 0)
        {
            return false;
        }

        if (_throws is not { } throws || !throws.TryFind(pointer, out Entry found) || !IsObserved(found))
        {
            // When an exception was in flight at the mark, this may be the same one. A missing error is better than a false one.
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
        Throw? last = LastThrow.Value;
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
#pragma warning disable CA1031 // The application is busy with an exception of its own. Only lack of memory or stack leads here.
        catch
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>
    /// A throw, as the <see cref="ExecutionContext"/> stores it. <see cref="Enclosing"/> is an earlier throw whose exception was still in
    /// flight.
    /// </summary>
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
            readonly get => _exception is not null && _exception.TryGetTarget(out Exception? exception) ? exception : null;
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
            for (int i = _count - 1; i >= 0; i--)
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
            // An exception in this method, such as OutOfMemoryException, would call it again.
            if (_adding || pointer == 0)
            {
                return;
            }

            _adding = true;
            try
            {
                Forget(pointer);
                MakeRoom();
                long sequence = Interlocked.Increment(ref _lastSequence);
                ref Entry entry = ref _entries[_count];
                entry.Pointer = pointer;
                entry.Sequence = sequence;
                entry.Exception = exception;
                Throw? enclosing = LastThrow.Value;
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

        // An earlier exception at this address has ended. On the stack, so have all exceptions at lower addresses.
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

            for (int i = _count - 1; i >= 0; i--)
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

            for (int i = _count - 1; i >= 0; i--)
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

        // The removed entry moves behind the others, so that its weak reference is used again.
        private void RemoveAt(int index)
        {
            Entry removed = _entries[index];
            _count--;
            Array.Copy(_entries, index + 1, _entries, index, _count - index);
            _entries[_count] = removed;
        }

        private bool Contains(long sequence)
        {
            int i = _count - 1;
            while (i >= 0 && _entries[i].Sequence > sequence)
            {
                i--;
            }

            return i >= 0 && _entries[i].Sequence == sequence;
        }
    }
}
