using System.Text.Json.Serialization;

namespace PandaProbe.Interception;

/// <summary>A call that runs in turns with whoever enumerates its result.</summary>
internal sealed class SequenceCall(ProbeCall call, bool asText)
{
    private readonly CollectedItems _items = new(asText);
    private bool _begun;
    private bool _wanted;
    private bool _first = true;

    /// <summary>Before the next item is asked for. False when nobody wants to know, or when the sequence has ended.</summary>
    public bool Enter()
    {
        if (_begun)
            return EnterAgain();

        _begun = true;
        if (call.HasBegun)
        {
            _wanted = true;
            call.Enter();
        }
        else
        {
            _wanted = call.Begin();
        }

        return _wanted;
    }

    /// <summary>As <see cref="Enter"/>, but a sequence of which nobody wanted an item does not begin any more.</summary>
    public bool EnterAgain()
    {
        if (!_begun && call.HasBegun)
            _begun = _wanted = true;
        if (!_wanted || call.HasEnded)
            return false;

        call.Enter();
        return true;
    }

    public void Add<T>(T item, JsonSerializerContext? json)
    {
        if (_first)
        {
            _first = false;
            call.SetCompletionStart();
        }

        if (call.IsRecording)
            _items.Add(item, json);
    }

    public bool Saw(Exception exception) => call.Saw(exception);

    /// <summary>Gives the flow back to the consumer.</summary>
    public void Exit(bool ended)
    {
        if (ended)
        {
            call.SetOutput(_items);
            call.End();
        }

        call.Exit();
    }

    /// <summary>Ends the call from the consumer's flow.</summary>
    public void End()
    {
        call.SetOutput(_items);
        call.EndFromOutside();
    }
}
