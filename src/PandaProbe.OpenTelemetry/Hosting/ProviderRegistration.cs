using PandaProbe.Context;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>Puts what one provider brings into <see cref="ProcessSettings"/>, until it is disposed. While any provider is there, scopes notice exceptions that leave them.</summary>
internal sealed class ProviderRegistration : IDisposable
{
    private static readonly object Gate = new();

    private readonly ProviderSettings _settings;
    private bool _disposed;

    /// <param name="settings">What the provider brings.</param>
    public ProviderRegistration(ProviderSettings settings)
    {
        _settings = settings;
        lock (Gate)
        {
            ProcessSettings.Join(settings);
            ExceptionInFlight.Watch(true);
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
            ProcessSettings.Leave(_settings);
            ExceptionInFlight.Watch(ProcessSettings.Current.HasProviders);
        }

        _settings.Prices?.Dispose();
    }
}
