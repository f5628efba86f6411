using System.Text.Json.Serialization;
using PandaProbe.Recording;

namespace PandaProbe.Interception;

/// <summary>Records a method's result that is enumerated: each enumeration is a call of its own, which begins when the first item is asked for.</summary>
internal sealed class MethodRecorder<T>(ProbeCall call, JsonSerializerContext? json, bool asText) : StreamRecorder<T>
{
    private readonly CollectedItems _items = new(asText);
    private int _enumerated;
    private bool _begun;
    private bool _wanted;
    private bool _first = true;

    public override StreamRecorder<T> Enumerate() =>
        Interlocked.Exchange(ref _enumerated, 1) == 0 ? this : new MethodRecorder<T>(call.Again(), json, asText) { _enumerated = 1 };

    public override bool Enter(bool moves)
    {
        if (!_begun && call.HasBegun)
        {
            _begun = _wanted = true;
        }
        else if (!_begun && moves)
        {
            // Begins the call and makes it current.
            _begun = true;
            return _wanted = call.Begin();
        }

        if (!_wanted || call.HasEnded)
            return false;

        call.Enter();
        return true;
    }

    public override void Exit() => call.Exit();

    public override void OnItem(T item)
    {
        if (_first)
        {
            _first = false;
            call.SetCompletionStart();
        }

        if (call.IsRecording)
            _items.Add(item, json);
    }

    public override void End()
    {
        call.SetOutput(_items);
        call.EndFromOutside();
    }

    protected override void OnException(Exception exception) => call.Saw(exception);
}
