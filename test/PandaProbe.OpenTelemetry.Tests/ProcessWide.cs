namespace PandaProbe;

/// <summary>Tests of what a process has only one of (environment variables, <c>Probe.Configure</c>, the strictest content policy) run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide";
}
