namespace PandaProbe.Export.Pipeline;

/// <summary>Says when everything that was handed to the senders before a moment has left. Only the assembling thread calls it.</summary>
internal sealed class FlushCoordinator
{
    private readonly List<FlushGeneration> _underWay = [];
    private FlushGeneration _current = new();

    /// <summary>Counts something that is handed over; it leaves through the generation that is returned.</summary>
    public FlushGeneration Enter()
    {
        _current.Enter();
        return _current;
    }

    /// <summary>Completes when everything that has been handed over so far has left.</summary>
    public Task Next()
    {
        _underWay.RemoveAll(static generation => generation.Done.IsCompleted);
        _underWay.Add(_current);
        _current.Leave();
        _current = new();
        return Task.WhenAll(_underWay.Select(static generation => generation.Done));
    }
}
