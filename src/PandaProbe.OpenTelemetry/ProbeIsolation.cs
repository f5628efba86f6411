using System.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe;

/// <summary>
/// Separates several hosts in one process, as tests need it. All hosts listen to the same <see cref="ActivitySource"/>. Without an
/// isolation, each host exports the spans of all hosts, and the strictest settings of all hosts apply to each.
/// </summary>
/// <remarks>
/// An isolation follows the <see cref="ExecutionContext"/>. Work that starts in another <see cref="ExecutionContext"/> is not inside, such
/// as a request that Kestrel receives: its spans belong to the providers without isolation. Processors and exporters of other libraries see
/// the spans of all hosts; filter them by <see cref="Owns"/>.
/// </remarks>
/// <example>
/// <code>
/// using ProbeIsolation isolation = ProbeIsolation.Begin();
/// using IHost host = BuildHost();   // PandaProbe exports only spans that start below here
/// await host.StartAsync();
/// </code>
/// </example>
public sealed class ProbeIsolation : IDisposable
{
    private readonly ProviderGroup _group;
    private readonly IDisposable? _apart;

    private ProbeIsolation(IDisposable? apart)
    {
        _apart = apart;
        _group = ProviderGroup.Current;
    }

    /// <summary>
    /// Begins an isolation. A provider that is built inside it, in this <see cref="ExecutionContext"/> or in one that flows from it,
    /// exports only spans that start inside it. No other provider exports those. Call it in the body of the test before you build the host:
    /// an isolation that an <see langword="async"/> method begins ends when that method returns. Inside an isolation, it returns the
    /// existing isolation, and disposing that result does nothing.
    /// </summary>
    public static ProbeIsolation Begin() => new(ProviderGroup.KeepApart());

    /// <summary>
    /// Returns whether a span started in this isolation. A span that started without any provider with PandaProbe belongs to no isolation.
    /// </summary>
    public bool Owns(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return _group.Owns(activity);
    }

    /// <summary>
    /// Ends the isolation for spans that start from now on in this <see cref="ExecutionContext"/>. The providers that were built in it stay
    /// isolated.
    /// </summary>
    public void Dispose() => _apart?.Dispose();
}
