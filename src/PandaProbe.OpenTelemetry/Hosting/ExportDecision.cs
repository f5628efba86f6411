namespace PandaProbe.Hosting;

/// <summary>
/// Holds a decision that depends on the exporters of the application. They are all known only after the provider was built, so the host,
/// <see cref="Probe.Configure"/> or the first span asks for it.
/// </summary>
internal sealed class ExportDecision
{
    private Lazy<bool>? _decision;

    /// <summary>Sets how to decide.</summary>
    public void Set(Lazy<bool> decision) => _decision = decision;

    /// <summary>Decides now, if nobody has, and says so in the log.</summary>
    public void Make() => _ = _decision?.Value;
}
