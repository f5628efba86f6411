using PandaProbe.Pricing;

namespace PandaProbe.Recording;

/// <summary>
/// Tracks the calls that wrapped clients make inside a wrapped client's call. The first is the same call and gets no span. Later calls get
/// spans of their own. Then the usage of the outer client is a sum, and the outer span keeps only the tokens of the first call.
/// </summary>
internal sealed class CallsBelow
{
    // Boxed, because almost no call has calls below it.
    private object? _first;
    private int _taken;
    private volatile bool _hasOthers;
    private volatile bool _ended;

    /// <summary>Gets whether calls below have spans of their own.</summary>
    public bool HasOthers => _hasOthers;

    /// <summary>Gets or sets the usage of the first call.</summary>
    public TokenUsage First
    {
        get => _first is TokenUsage usage ? usage : default;
        set => _first = value;
    }

    /// <summary>Returns whether the call that starts now is the first.</summary>
    public bool TryTake()
    {
        if (_ended)
            return false;
        if (Interlocked.Exchange(ref _taken, 1) == 0)
            return true;

        _hasOthers = true;
        return false;
    }

    /// <summary>Records that a call below has a span of its own, although it may be the first.</summary>
    public void NoteOther() => _hasOthers |= !_ended;

    /// <summary>Gets whether no call below has started yet.</summary>
    public bool IsOpen => Volatile.Read(ref _taken) == 0 && !_ended;

    /// <summary>Ends the call. Work that it started may outlive it, and is not part of it from then on.</summary>
    public void End() => _ended = true;
}
