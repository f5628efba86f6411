using PandaProbe.Safety.Masking;
using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Secrets;

namespace PandaProbe.Safety;

/// <summary>Finds and masks what <see cref="SafetyOptions"/> say. Immutable: make one and use it on any thread.</summary>
public sealed class SensitiveScanner
{
    internal const string WithheldText = "[WITHHELD]";

    private readonly ScanSettings _settings;
    private readonly ISensitiveDetector[] _detectors;
    private readonly Replacements _replacements;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _maxTime;
    private readonly int _maxLength;
    private readonly int _maxDepth;

    /// <summary>Creates a scanner. Later changes of the options do not reach it.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public SensitiveScanner(SafetyOptions? options = null)
    {
        options ??= new();
        options.Check();
        _settings = new(options);
        _detectors = options[SensitiveType.Custom] == SensitiveAction.Ignore ? [] : [.. options.Detectors];
        _replacements = new(options);
        (_clock, _maxTime, _maxLength, _maxDepth) = (options.TimeProvider, options.MaxTime, options.MaxLength, options.MaxDepth);
    }

    internal int MaxDepth => _maxDepth;

    internal Replacements Replacements => _replacements;

    /// <summary>Tells what happens to values of a type.</summary>
    /// <param name="type">The type.</param>
    public SensitiveAction ActionOf(SensitiveType type) => _replacements.ActionOf(type);

    /// <summary>Finds what is sensitive in a text.</summary>
    /// <param name="text">The text; null is empty. JSON is scanned as text.</param>
    /// <param name="name">The name of what the text is the value of, for example of a property or an argument: <c>password</c>,
    /// <c>phone</c>. Null when there is none.</param>
    /// <returns>The findings in the order of the text.</returns>
    /// <exception cref="TimeoutException">The scan took longer than <see cref="SafetyOptions.MaxTime"/>.</exception>
    public IReadOnlyList<SensitiveFinding> Scan(string? text, string? name = null)
    {
        IReadOnlyList<SensitiveFinding>? found = Find(text, name, new(_clock, _maxTime));
        return found ?? [];
    }

    /// <summary>Treats what is sensitive in a text as the options say. Never throws: a text that cannot be made safe is withheld.</summary>
    /// <param name="text">The text; null is empty. JSON stays JSON of the same shape: property names, strings and numbers are masked, and
    /// what cannot be made safe costs its string only.</param>
    /// <param name="name">The name of what the text is the value of; null when there is none.</param>
    /// <returns>The safe text and what was found.</returns>
    public MaskedText Mask(string? text, string? name = null)
    {
        if (string.IsNullOrEmpty(text))
        {
            return new(text ?? "", SafetyOutcome.Clean, []);
        }

        try
        {
            if (JsonMasking.LooksLikeJson(text) && JsonMasking.TryMask(this, text, name, 0) is { } masked)
            {
                return masked;
            }

            List<SensitiveFinding>? found = TryFind(text, name, out string? failure);
            return failure is not null ? Withheld(failure)
                : found is null ? new(text, SafetyOutcome.Clean, [])
                : new(_replacements.Apply(text, found), SafetyOutcome.Found, found);
        }
        catch (Exception exception)
        {
            // The message may hold the text.
            return Withheld(exception.GetType().Name);
        }
    }

    /// <summary>Finds what is sensitive in one value. <paramref name="failure"/> says why the value has to be withheld; null when it need
    /// not.</summary>
    internal List<SensitiveFinding>? TryFind(ReadOnlySpan<char> text, ReadOnlySpan<char> name, out string? failure)
    {
        failure = null;
        if (text.Length > _maxLength)
        {
            failure = "length";
            return null;
        }

        try
        {
            return Find(text, name, new(_clock, _maxTime));
        }
        catch (TimeoutException)
        {
            failure = "time";
        }
        catch (Exception exception)
        {
            failure = exception.GetType().Name;
        }

        return null;
    }

    /// <summary>Finds, with the vectors of the processor or without; null when nothing is found.</summary>
    internal List<SensitiveFinding>? Find(ReadOnlySpan<char> text, ReadOnlySpan<char> name, Deadline deadline, bool plain = false)
    {
        TextScan scan = new(text, name, _settings, deadline);
        scan.Run(plain);
        AssignmentDetector.LookAtWhole(ref scan);
        foreach (ISensitiveDetector detector in _detectors)
        {
            SensitiveMatches matches = new(text.Length, detector.Name);
            detector.Detect(text, matches);
            deadline.ThrowIfOver();
            foreach (SensitiveFinding finding in matches.Found)
            {
                scan.Add(finding.Type, finding.Start, finding.End, finding.Confidence, finding.Detector);
            }
        }

        return scan.Findings is { } found ? Overlaps.Resolve(found) : null;
    }

    private static MaskedText Withheld(string reason) => new(WithheldText, SafetyOutcome.Withheld, [], reason);
}
