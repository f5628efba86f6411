using PandaProbe.Context;

namespace PandaProbe;

/// <summary>What <see cref="Probe.Session"/> and <see cref="Probe.User"/> open: disposing it closes it. Disposing it twice does nothing.</summary>
public readonly struct AmbientScope : IDisposable
{
    private readonly AmbientContext? _context;

    internal AmbientScope(AmbientContext context) => _context = context;

    /// <summary>Closes the scope.</summary>
    public void Dispose() => _context?.Pop();
}
