using System.Collections.Concurrent;

namespace PandaProbe.Safety;

/// <summary>
/// Decides which action a type of value gets in a field of a span, and gives the scanner that takes it. Immutable: make one and use it on
/// any thread.
/// </summary>
/// <remarks>
/// First come the actions of <see cref="SafetyOptions"/>, then their <see cref="SafetyOptions.Rules"/>: of those that fit, the last
/// decides. A caller's choice only makes an action stricter: ignore, count, keep last, hash, mask, drop, drop content.
/// </remarks>
/// <example><code>
/// var policy = new SafetyPolicy(options);
/// string safe = policy.ScannerFor("TOOL", "output").Mask(text).Text;
/// </code></example>
public sealed class SafetyPolicy
{
    private readonly SafetyOptions _options;
    private readonly SafetyRule[] _rules;

    // Fields and kinds that the same rules fit share a scanner, so that there are few, however many names attributes have.
    private readonly ConcurrentDictionary<(ulong Rules, SensitiveAction? Choice), SensitiveScanner> _scanners = new();

    /// <summary>Creates a policy. Later changes of the options do not reach it.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public SafetyPolicy(SafetyOptions? options = null)
    {
        _options = new(options ?? new());
        _options.Check();
        _rules = [.. _options.Rules];
        _ = ScannerFor();
    }

    /// <summary>Gets the action for a type of value.</summary>
    /// <param name="type">The type.</param>
    /// <param name="spanKind">The kind of the span; null when unknown.</param>
    /// <param name="field">The field; null when unknown.</param>
    /// <param name="choice">The least strict action that the caller asks for; null for none. <see cref="SensitiveAction.Hash"/> without a
    /// <see cref="SafetyOptions.HashKey"/> masks.</param>
    /// <returns>The action.</returns>
    public SensitiveAction ActionFor(SensitiveType type, string? spanKind = null, string? field = null, SensitiveAction? choice = null) =>
        ActionOf(type, FittingRules(spanKind, field), choice);

    /// <summary>Gets the scanner for a field of a span. Equal decisions share an instance.</summary>
    /// <param name="spanKind">The kind of the span; null when unknown.</param>
    /// <param name="field">The field; null when unknown.</param>
    /// <param name="choice">The least strict action that the caller asks for, for values that the policy looks for; null for none.</param>
    /// <returns>The scanner.</returns>
    public SensitiveScanner ScannerFor(string? spanKind = null, string? field = null, SensitiveAction? choice = null)
    {
        (ulong Rules, SensitiveAction? Choice) key = (FittingRules(spanKind, field), choice);
        return _scanners.TryGetValue(key, out SensitiveScanner? known) ? known : _scanners.GetOrAdd(key, New, this);

        static SensitiveScanner New((ulong Rules, SensitiveAction? Choice) key, SafetyPolicy policy) => new(policy._options,
            [.. Enum.GetValues<SensitiveType>().Select(type => policy.ActionOf(type, key.Rules, key.Choice))]);
    }

    private ulong FittingRules(string? spanKind, string? field)
    {
        ulong fitting = 0;
        for (int i = 0; i < _rules.Length; i++)
        {
            fitting |= _rules[i].IsFor(spanKind, field) ? 1UL << i : 0;
        }

        return fitting;
    }

    private SensitiveAction ActionOf(SensitiveType type, ulong fitting, SensitiveAction? choice)
    {
        SensitiveAction action = _options[type];
        for (int i = 0; i < _rules.Length; i++)
        {
            if ((fitting & (1UL << i)) != 0 && (_rules[i].Type ?? type) == type)
            {
                action = _rules[i].Action;
            }
        }

        if (choice is not { } chosen || action == SensitiveAction.Ignore)
        {
            return action;
        }

        chosen = chosen == SensitiveAction.Hash && _options.HashKey is null ? SensitiveAction.Mask : chosen;
        return StrictnessOf(chosen) > StrictnessOf(action) ? chosen : action;
    }

    private static int StrictnessOf(SensitiveAction action) => action switch
    {
        SensitiveAction.Ignore => 0,
        SensitiveAction.Count => 1,
        SensitiveAction.KeepLast => 2,
        SensitiveAction.Hash => 3,
        SensitiveAction.Mask => 4,
        SensitiveAction.Drop => 5,
        _ => 6,
    };
}
