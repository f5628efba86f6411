using OpenTelemetry.Trace;
using PandaProbe.Safety;

namespace PandaProbe.Runtime;

/// <summary>What one provider brings into <see cref="ProcessSettings"/>. Immutable, and gone when the provider is disposed.</summary>
internal sealed class ProviderSettings
{
    public ContentPolicy Content { get; init; } = new();

    /// <summary>The prices of the provider's calls; <see langword="null"/> computes no cost.</summary>
    public ProviderPrices? Prices { get; init; }

    /// <summary>The backends whose own attributes are written; <see langword="null"/> when no other backend than PandaProbe reads the
    /// spans.</summary>
    public ProbeDialects? Dialects { get; init; }

    /// <summary>Replaces the package's own token counting.</summary>
    public ITokenCounter? TokenCounter { get; init; }

    /// <summary>The application's log pipeline.</summary>
    public LogPipeline? Events { get; init; }

    /// <summary>
    /// Whether somebody else reads the spans on the thread that ends them, so that they have to be safe by then. Asked when the provider is
    /// complete, with what masks the spans.
    /// </summary>
    public Func<FieldScanners?, bool> IsReadAtEnd { get; init; } = static _ => true;

    /// <summary>What spans are looked at for; <see langword="null"/> when nothing is.</summary>
    public SafetyOptions? Inspection { get; init; }

    /// <summary>How long the end of the provider may take.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = PandaProbeOptions.DefaultShutdownTimeout;

    /// <summary>The provider itself, which exists only after it was built from these settings.</summary>
    public Func<TracerProvider?> Provider { get; init; } = static () => null;
}
