using System.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe;

/// <summary>
/// Keeps several hosts in one process apart, as tests need it. All hosts listen to the same <see cref="ActivitySource"/>: without an isolation, each host exports the
/// spans of all, and the strictest settings of all count for each.
/// </summary>
/// <remarks>
/// An isolation follows the <see cref="ExecutionContext"/>. Work that a server begins in a context of its own is not inside, such as a request that Kestrel receives:
/// its spans belong to the providers that are not isolated. Processors and exporters of other libraries see the spans of all hosts; <see cref="Owns"/> tells them apart.
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
    /// Begins an isolation: what PandaProbe adds to providers that are built from here on, in this <see cref="ExecutionContext"/> and in what flows from it, sees only spans that
    /// start in it, and no other provider's does. Call it in the body of the test, before the host is built: what an <see langword="async"/> method begins ends with that method.
    /// Inside an isolation it begins no other: the result stands for the one that is there, and disposing it does nothing.
    /// </summary>
    public static ProbeIsolation Begin() => new(ProviderGroup.KeepApart());

    /// <summary>Whether a span started in this isolation. Spans that started while no provider with PandaProbe was there belong to no isolation.</summary>
    public bool Owns(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return _group.Owns(activity);
    }

    /// <summary>Ends the isolation for what starts from here on in this <see cref="ExecutionContext"/>. The providers that were built in it stay isolated.</summary>
    public void Dispose() => _apart?.Dispose();
}
