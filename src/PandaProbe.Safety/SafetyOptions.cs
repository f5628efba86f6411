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

    private const int MostRules = 64;

    /// <summary>For how many characters <see cref="MaxTime"/> is.</summary>
    internal const int CharactersOfMaxTime = 1024 * 1024;

    private readonly SensitiveAction?[] _actions = new SensitiveAction?[Types];
    private bool _personalData;

    /// <summary>Creates options with the defaults: secrets are masked, personal data is ignored.</summary>
    public SafetyOptions()
    {
    }

    /// <summary>Creates a copy that can be changed by itself.</summary>
    /// <param name="other">What to copy.</param>
    public SafetyOptions(SafetyOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other._actions.CopyTo(_actions, 0);
        (_personalData, LeastConfidence) = (other._personalData, other.LeastConfidence);
        (AllowedValues, AllowedDomains) = ([.. other.AllowedValues], [.. other.AllowedDomains]);
        (Detectors, Rules) = ([.. other.Detectors], [.. other.Rules]);
        (HashKey, HashKeyId) = (other.HashKey?.ToArray(), other.HashKeyId);
        (MaxLength, MaxTime, MaxDepth, TimeProvider) = (other.MaxLength, other.MaxTime, other.MaxDepth, other.TimeProvider);
        (DetectInjection, TrackValues, Classifier) = (other.DetectInjection, other.TrackValues, other.Classifier);
    }

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

    /// <summary>Gets the actions for kinds of spans and for fields, at most 64. Of those that fit, the last decides. <see
    /// cref="SafetyPolicy"/> applies them; a <see cref="SensitiveScanner"/> of its own knows no spans and does not.</summary>
    public IList<SafetyRule> Rules { get; } = [];

    /// <summary>Gets or sets the key for <see cref="SensitiveAction.Hash"/>, at least 16 bytes.</summary>
    /// <remarks>
    /// Whoever has the key can guess values of low entropy, such as phone numbers, by hashing all of them. With one key for all tenants,
    /// equal values join across tenants: give each tenant a key of its own where they must not.
    /// </remarks>
    public byte[]? HashKey { get; set; }

    /// <summary>Gets or sets the id of <see cref="HashKey"/>, which stands before each hash, so that keys can be renewed. Null for
    /// none.</summary>
    public int? HashKeyId { get; set; }

    /// <summary>Gets or sets how many characters a text, or a string of JSON, may have. A longer one is withheld. By default no text is too
    /// long: the time of a scan grows with the length and no faster, and the memory does not grow unless something is found.</summary>
    public int MaxLength { get; set; } = int.MaxValue;

    /// <summary>Gets or sets how long the scan of one text, or of a string of JSON, may take, for each 1,048,576 characters that it begins.
    /// One that takes longer is withheld. One second by default. Time in which the thread waits for a processor does not count where the
    /// system tells it: Linux, Windows, macOS.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how deep JSON inside strings of JSON is understood as JSON; deeper it is text. 4 by default.</summary>
    public int MaxDepth { get; set; } = 4;

    /// <summary>Gets or sets whether spans are looked at for prompt injection: for attempts in what users, tools and documents say, for
    /// instructions that leak, and for values that were followed. Nothing is blocked. False by default; a scanner of its own knows no
    /// spans.</summary>
    public bool DetectInjection { get; set; }

    /// <summary>Gets or sets whether spans of a trace with equal sensitive values name each other, by <see cref="HashKey"/>. Values are
    /// those that these options look for. False by default; a scanner of its own knows no spans.</summary>
    public bool TrackValues { get; set; }

    /// <summary>Gets or sets the model that judges what users, tools and documents say on spans. It gets a <see cref="BoundedClassifier"/>
    /// around it unless it is one. Null by default, which asks none; a scanner of its own knows no spans.</summary>
    public IContentClassifier? Classifier { get; set; }

    /// <summary>Gets or sets the clock for <see cref="MaxTime"/>. One that is not <see cref="TimeProvider.System"/> decides
    /// alone.</summary>
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
        if (Rules.Count > MostRules)
        {
            throw new ArgumentException($"{nameof(SafetyOptions)}.{nameof(Rules)} has {Rules.Count} rules; it takes {MostRules}.");
        }

        if (HashKey is null && (Rules.Any(rule => rule.Action == SensitiveAction.Hash)
            || Enum.GetValues<SensitiveType>().Any(type => this[type] == SensitiveAction.Hash)))
        {
            throw new ArgumentException(
                $"{nameof(SensitiveAction)}.{nameof(SensitiveAction.Hash)} needs {nameof(SafetyOptions)}.{nameof(HashKey)}.");
        }

        if (HashKey is null && TrackValues)
        {
            throw new ArgumentException($"{nameof(SafetyOptions)}.{nameof(TrackValues)} needs {nameof(SafetyOptions)}.{nameof(HashKey)}.");
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
