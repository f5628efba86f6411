namespace PandaProbe;

/// <summary>
/// Tests of what a process has only one of (environment variables, meters, <c>Probe.Configure</c>, hosts, samplers, whether anybody
/// listens) run alone.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide";
}
