using PandaProbe.Pricing;

namespace PandaProbe.Runtime;

/// <summary>
/// What all providers of the process share, as one immutable picture: an <see cref="System.Diagnostics.Activity"/> is seen by all of them. Providers join when they
/// are built and leave when they are disposed; each time a new picture is published.
/// <para>
/// The merge rule: what restricts adds up, so the strictest content policy holds. What answers a question (the price book, the token counter) is the answer of the
/// provider that joined last.
/// </para>
/// </summary>
internal sealed class ProcessSettings
{
    private static readonly object Gate = new();
    private static ProcessSettings _current = new([], []);

    private ProcessSettings(ProviderSettings[] providers, ILiveExporter[] exporters)
    {
        Providers = providers;
        Exporters = exporters;
        Content = ContentPolicy.Strictest([.. providers.Select(provider => provider.Content)]);
        TokenCounter = providers.LastOrDefault(provider => provider.TokenCounter is not null)?.TokenCounter;
    }

    public static ProcessSettings Current => Volatile.Read(ref _current);

    /// <summary>The providers that PandaProbe takes part in, in the order in which they joined.</summary>
    public IReadOnlyList<ProviderSettings> Providers { get; }

    public IReadOnlyList<ILiveExporter> Exporters { get; }

    public ContentPolicy Content { get; }

    /// <summary>The prices of calls that no provider records; <see langword="null"/> computes no cost.</summary>
    public PriceBook? PriceBook => Providers is [.., ProviderSettings last] ? last.Prices?.Book : Pricing.PriceBook.Default;

    public ITokenCounter? TokenCounter { get; }

    /// <summary>Whether any provider of this process has PandaProbe in it.</summary>
    public bool HasProviders => Providers.Count > 0;

    public static void Join(ProviderSettings provider) => Publish(now => new([.. now.Providers, provider], [.. now.Exporters]));

    public static void Leave(ProviderSettings provider) =>
        Publish(now => new([.. now.Providers.Where(other => !ReferenceEquals(other, provider))], [.. now.Exporters]));

    public static void Join(ILiveExporter exporter) => Publish(now => new([.. now.Providers], [.. now.Exporters, exporter]));

    public static void Leave(ILiveExporter exporter) =>
        Publish(now => new([.. now.Providers], [.. now.Exporters.Where(other => !ReferenceEquals(other, exporter))]));

    private static void Publish(Func<ProcessSettings, ProcessSettings> change)
    {
        lock (Gate)
            Volatile.Write(ref _current, change(_current));
    }
}
