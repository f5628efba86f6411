namespace PandaProbe.Safety;

/// <summary>What a <see cref="SensitiveScanner"/> looks for and what happens to it. By default secrets are masked and personal data is
/// ignored.</summary>
/// <example><code>
/// var scanner = new SensitiveScanner(new SafetyOptions { [SensitiveType.PaymentCard] = SensitiveAction.KeepLast }.MaskPersonalData());
/// string safe = scanner.Mask("Card 4111 1111 1111 1111 of jane@example.com").Text;
/// </code></example>
public sealed class SafetyOptions
{
    private static readonly int Types = Enum.GetValues<SensitiveType>().Length;

    private readonly SensitiveAction?[] _actions = new SensitiveAction?[Types];
    private bool _personalData;

    /// <summary>Gets or sets what happens to values of a type. Set explicitly it wins over <see cref="MaskPersonalData"/>, whichever comes
    /// first.</summary>
    /// <param name="type">The type.</param>
    public SensitiveAction this[SensitiveType type]
    {
        get => _actions[(int)type] ?? (IsSecret(type) || _personalData ? SensitiveAction.Mask : SensitiveAction.Ignore);
        set => _actions[(int)type] = value;
    }

    /// <summary>Gets or sets how sure a detector has to be. <see cref="SensitiveConfidence.Medium"/> by default.</summary>
    public SensitiveConfidence LeastConfidence { get; set; } = SensitiveConfidence.Medium;

    /// <summary>Gets the values that are not sensitive, such as the address of the own support. Compared without regard to case.</summary>
    public IList<string> AllowedValues { get; } = [];

    /// <summary>Gets the domains whose e-mail addresses are not sensitive, subdomains included.</summary>
    public IList<string> AllowedDomains { get; } = [];

    /// <summary>Gets the detectors of the application. Their findings have the type <see cref="SensitiveType.Custom"/>.</summary>
    public IList<ISensitiveDetector> Detectors { get; } = [];

    /// <summary>Gets or sets the key for <see cref="SensitiveAction.Hash"/>. Whoever has it can guess values of low entropy, such as phone
    /// numbers.</summary>
    public byte[]? HashKey { get; set; }

    /// <summary>Gets or sets the id of <see cref="HashKey"/>, which stands before each hash, so that keys can be renewed. Null for
    /// none.</summary>
    public int? HashKeyId { get; set; }

    /// <summary>Gets or sets how many characters a text, or a string of JSON, may have. A longer one is withheld. 67,108,864 by
    /// default.</summary>
    public int MaxLength { get; set; } = 64 * 1024 * 1024;

    /// <summary>Gets or sets how long the scan of one text, or of a string of JSON, may take. One that takes longer is withheld. One
    /// second by default.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how deep JSON inside strings of JSON is understood as JSON; deeper it is text. 4 by default.</summary>
    public int MaxDepth { get; set; } = 4;

    /// <summary>Gets or sets the clock for <see cref="MaxTime"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Masks personal data too: cards, accounts, addresses, numbers of people, dates of birth, places.</summary>
    /// <returns>These options.</returns>
    public SafetyOptions MaskPersonalData()
    {
        _personalData = true;
        return this;
    }

    internal static bool IsSecret(SensitiveType type) =>
        type is SensitiveType.Secret or SensitiveType.PrivateKey or SensitiveType.Password or SensitiveType.Custom;

    internal void Check()
    {
        if (HashKey is null && Enum.GetValues<SensitiveType>().Any(type => this[type] == SensitiveAction.Hash))
        {
            throw new ArgumentException(
                $"{nameof(SensitiveAction)}.{nameof(SensitiveAction.Hash)} needs {nameof(SafetyOptions)}.{nameof(HashKey)}.");
        }

        if (HashKey is { Length: < 16 })
        {
            throw new ArgumentException($"{nameof(SafetyOptions)}.{nameof(HashKey)} has {HashKey.Length} bytes; it needs at least 16.");
        }

        if (MaxLength <= 0 || MaxTime <= TimeSpan.Zero || MaxDepth < 0)
        {
            throw new ArgumentException(
                $"{nameof(SafetyOptions)}: {nameof(MaxLength)} and {nameof(MaxTime)} must be above zero, {nameof(MaxDepth)} not below.");
        }

        if (Detectors.Any(detector => detector.Name.Length == 0
            || detector.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))))
        {
            throw new ArgumentException($"The name of an {nameof(ISensitiveDetector)} consists of ASCII letters, digits, '-' and '_'.");
        }
    }
}
