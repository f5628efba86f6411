using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>Records the streams that a wrapped client returns. Each enumeration sends a request, so each is a call of its own.</summary>
/// <param name="begin">Begins the call when the enumeration begins.</param>
/// <param name="onItem">Records an item.</param>
/// <param name="ends">Whether the call ends with this stream. The stream may be only a part of the answer.</param>
internal sealed class CallRecorder<TItem, TPiece>(
    Func<StreamedAnswer<TPiece>> begin, Action<StreamedAnswer<TPiece>, TItem> onItem, bool ends = true)
    : StreamRecorder<TItem>
{
    private StreamedAnswer<TPiece>? _answer;
    private Activity? _outside;
    private int _enumerated;
    private bool _moved;

    public override StreamRecorder<TItem>? Enumerate() =>
        Interlocked.Exchange(ref _enumerated, 1) == 0 ? this : new CallRecorder<TItem, TPiece>(begin, onItem, ends) { _enumerated = 1 };

    public override bool Enter(bool moves)
    {
        _outside = Activity.Current;
        _answer ??= begin();
        _answer.Call.Enter(starts: !_moved);
        _moved |= moves;
        return true;
    }

    public override void Exit() => _answer!.Call.Leave(_outside);

    public override void OnItem(TItem item) => onItem(_answer!, item);

    public override void End()
    {
        if (Outcome == StreamOutcome.Completed && ends)
            _answer!.Complete();
        if (!ends)
            return;

        Enter(moves: false);
        _answer!.Finish();
        Exit();
    }

    protected override void OnException(Exception exception) => _answer!.Failed(exception);
}
