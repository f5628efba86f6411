using PandaProbe.Context;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>Puts what one provider brings into <see cref="ProcessSettings"/>, until it is disposed. While any provider is there, scopes notice exceptions that leave them and <see cref="RootSampling"/> listens.</summary>
internal sealed class ProviderRegistration : IDisposable
{
    private static readonly object Gate = new();
    private static int _providers;

    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly ProviderSettings _settings;
    private bool _disposed;

    /// <param name="settings">What the provider brings.</param>
    public ProviderRegistration(ProviderSettings settings)
    {
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

        _settings.Prices?.Dispose();
    }
}
