using PandaProbe.Context;

namespace PandaProbe;

/// <summary>
/// Represents a scope that <see cref="Probe.Session"/> or <see cref="Probe.User"/> opened. The default value does nothing.
/// </summary>
public readonly struct AmbientScope : IDisposable
{
    private readonly AmbientContext? _context;

    internal AmbientScope(AmbientContext context) => _context = context;

    /// <summary>Closes the scope. A second call does nothing.</summary>
    public void Dispose() => _context?.Pop();
}
