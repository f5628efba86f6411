using PandaProbe.Pricing;

namespace PandaProbe.Recording;

/// <summary>
/// The calls that wrapped clients make inside of a wrapped client's call. The first is that call itself and gets no span. When others follow, which have spans of their own,
/// what the outer client reports is a sum, and the outer span keeps the tokens of the first.
/// </summary>
internal sealed class CallsBelow
{
    // Boxed, because almost no call has calls below it.
    private object? _first;
    private int _taken;
    private volatile bool _hasOthers;
    private volatile bool _ended;

    /// <summary>Whether calls below have spans of their own.</summary>
    public bool HasOthers => _hasOthers;

    /// <summary>What the first call used.</summary>
    public TokenUsage First
    {
        get => _first is TokenUsage usage ? usage : default;
        set => _first = value;
    }

    /// <summary>Whether the call that starts now is the first.</summary>
    public bool TryTake()
    {
        if (_ended)
            return false;
        if (Interlocked.Exchange(ref _taken, 1) == 0)
            return true;

        _hasOthers = true;
        return false;
    }

    /// <summary>A call below gets a span of its own, although it may be the first.</summary>
    public void NoteOther() => _hasOthers |= !_ended;

    /// <summary>Whether a call can still be the first.</summary>
    public bool IsOpen => Volatile.Read(ref _taken) == 0 && !_ended;

    /// <summary>Work that the call started may outlive it, and is none of it any more.</summary>
    public void End() => _ended = true;
}
