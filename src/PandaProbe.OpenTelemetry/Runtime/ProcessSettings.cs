using PandaProbe.Pricing;

namespace PandaProbe.Runtime;

/// <summary>
/// What all providers of the process share, as one immutable picture: an <see cref="System.Diagnostics.Activity"/> is seen by all of them.
/// Providers join when they are built and leave when they are disposed; each time a new picture is published.
/// <para>
/// The merge rule: what restricts adds up, so the strictest content policy holds. What answers a question (the price book, the token
/// counter) is the answer of the provider that joined last.
/// </para>
/// </summary>
internal sealed class ProcessSettings
{
    public static readonly ProcessSettings Empty = new([], []);

    private ProcessSettings(ProviderSettings[] providers, ILiveExporter[] exporters)
    {
        Providers = providers;
        Exporters = exporters;
        Content = ContentPolicy.Strictest([.. providers.Select(provider => provider.Content)]);
        ScarceContent = Content.AtMost(ContentPolicy.ScarceLength);
        Inspecting = providers.FirstOrDefault(provider => provider.Inspection is not null);
        TokenCounter = providers.LastOrDefault(provider => provider.TokenCounter is not null)?.TokenCounter;
    }

    public static ProcessSettings Current => ProviderGroup.Current.Settings;

    /// <summary>The providers that PandaProbe takes part in, in the order in which they joined.</summary>
    public IReadOnlyList<ProviderSettings> Providers { get; }

    public IReadOnlyList<ILiveExporter> Exporters { get; }

    public ContentPolicy Content { get; }

    /// <summary><see cref="Content"/> while <see cref="HeldMemory.IsScarce"/>.</summary>
    public ContentPolicy ScarceContent { get; }

    /// <summary>The prices of calls that no provider records; <see langword="null"/> computes no cost.</summary>
    public PriceBook? PriceBook => Providers is [.., ProviderSettings last] ? last.Prices?.Book : Pricing.PriceBook.Default;

    public ITokenCounter? TokenCounter { get; }

    /// <summary>The provider that looks at the texts of spans: the first that wants to, because all see the same spans.</summary>
    public ProviderSettings? Inspecting { get; }

    /// <summary>Whether any provider of this process has PandaProbe in it.</summary>
    public bool HasProviders => Providers.Count > 0;

    public ProcessSettings With(ProviderSettings provider) => new([.. Providers, provider], [.. Exporters]);

    public ProcessSettings Without(ProviderSettings provider) =>
        new([.. Providers.Where(other => !ReferenceEquals(other, provider))], [.. Exporters]);

    public ProcessSettings With(ILiveExporter exporter) => new([.. Providers], [.. Exporters, exporter]);

    public ProcessSettings Without(ILiveExporter exporter) =>
        new([.. Providers], [.. Exporters.Where(other => !ReferenceEquals(other, exporter))]);
}
