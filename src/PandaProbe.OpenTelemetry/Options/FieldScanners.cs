using PandaProbe.Safety;

namespace PandaProbe;

/// <summary>The scanners of <see cref="PandaProbeOptions.Safety"/>: one for everything, or by <see cref="SafetyOptions.Rules"/> one for
/// each field of each kind of span.</summary>
internal sealed class FieldScanners
{
    private readonly SafetyPolicy? _policy;

    public FieldScanners(SafetyOptions options)
    {
        Widest = new(Widen(options));
        if (options.Rules.Count > 0 || Enum.GetValues<SensitiveType>().Any(type => options[type] == SensitiveAction.DropContent))
            _policy = new(options);
    }

    private FieldScanners(SensitiveScanner only) => Widest = only;

    /// <summary>Gets the one that looks for everything that any of them looks for.</summary>
    public SensitiveScanner Widest { get; }

    /// <summary>Gets whether each field has to be looked at by itself.</summary>
    public bool ByField => _policy is not null;

    /// <param name="spanKind">The kind of the span; <see langword="null"/> when unknown.</param>
    /// <param name="field">The field, see <see cref="Conventions.SafetyFields"/>.</param>
    public SensitiveScanner For(string? spanKind, string field) => _policy?.ScannerFor(spanKind, field) ?? Widest;

    public static implicit operator FieldScanners(SensitiveScanner only) => new(only);

    private static SafetyOptions Widen(SafetyOptions options)
    {
        if (options.Rules.Count == 0)
            return options;

        SafetyOptions widest = new(options);
        widest.Rules.Clear();
        foreach (SensitiveType type in Enum.GetValues<SensitiveType>())
        {
            bool looks = options[type] != SensitiveAction.Ignore
                || options.Rules.Any(rule => (rule.Type ?? type) == type && rule.Action != SensitiveAction.Ignore);
            widest[type] = looks ? SensitiveAction.Mask : SensitiveAction.Ignore;
        }

        return widest;
    }
}
