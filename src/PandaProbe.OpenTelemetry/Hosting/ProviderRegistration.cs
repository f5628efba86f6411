using PandaProbe.Context;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>
/// Adds a provider's settings to <see cref="ProcessSettings"/> until disposed. While a provider is registered, scopes detect escaping
/// exceptions and <see cref="RootSampling"/> listens.
/// </summary>
internal sealed class ProviderRegistration : IDisposable
{
    private static readonly object Gate = new();
    private static int _providers;

    private readonly ProviderGroup _group;
    private readonly ProviderSettings _settings;
    private readonly IDisposable? _propagator;
    private bool _disposed;

    /// <param name="settings">The settings of the provider.</param>
    public ProviderRegistration(ProviderSettings settings) : this(settings, new())
    {
    }

    /// <param name="settings">The settings of the provider.</param>
    /// <param name="propagation">What goes to other processes.</param>
    public ProviderRegistration(ProviderSettings settings, PandaProbePropagationOptions propagation)
        : this(settings, propagation, ProviderGroup.Current)
    {
    }

    /// <param name="settings">The settings of the provider.</param>
    /// <param name="propagation">What goes to other processes.</param>
    /// <param name="group">The providers that it shares spans with.</param>
    public ProviderRegistration(ProviderSettings settings, PandaProbePropagationOptions propagation, ProviderGroup group)
    {
        _group = group;
        if (propagation.Hosts.Count > 0)
            _propagator = ProbePropagator.Install(propagation);
        _settings = settings;
        lock (Gate)
        {
            _group.Change(all => all.With(settings));
            _providers++;
            ExceptionInFlight.Watch(true);
            RootSampling.Watch(true);
        }

        ProcessEndings.Watch();
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_disposed)
                return;

            _disposed = true;
            _group.Change(all => all.Without(_settings));
            _providers--;
            ExceptionInFlight.Watch(_providers > 0);
            RootSampling.Watch(_providers > 0);
        }

        _propagator?.Dispose();
        _settings.Prices?.Dispose();
    }
}
