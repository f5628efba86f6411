namespace PandaProbe.Local.Storing;

/// <summary>A session as the writer holds it.</summary>
internal sealed class SessionState
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    public string? User { get; set; }

    public long First { get; set; }

    public long Last { get; set; }

    public long Traces { get; set; }

    public long Duration { get; set; }

    public long Failed { get; set; }

    public Previews Previews;

    public string? Model { get; set; }

    public Sums Sums;

    public void Take(in SessionShare before, in SessionShare now)
    {
        Sums = Sums - before.Sums + now.Sums;
        Traces += now.Traces - before.Traces;
        Duration += now.Duration - before.Duration;
        Failed += now.Failed - before.Failed;
    }
}
