using PandaProbe.Safety.Masking;
using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Secrets;

namespace PandaProbe.Safety;

/// <summary>Finds and masks what <see cref="SafetyOptions"/> say. Immutable: make one and use it on any thread.</summary>
public sealed class SensitiveScanner
{
    internal const string WithheldText = "[WITHHELD]";

    private const int MostScans = 4;

    private static readonly TimeSpan LongestMultiplied = TimeSpan.FromDays(1);

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
        : this(options ?? new(), ActionsOf(options ?? new()))
    {
    }

    /// <summary>Creates a scanner with an action for each type in place of those of the options.</summary>
    internal SensitiveScanner(SafetyOptions options, SensitiveAction[] actions)
    {
        _settings = new(options, actions);
        _detectors = actions[(int)SensitiveType.Custom] == SensitiveAction.Ignore ? [] : [.. options.Detectors];
        _replacements = new(options, actions);
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
        IReadOnlyList<SensitiveFinding>? found = Find(text, name, DeadlineFor(text?.Length ?? 0));
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

            string? safe = TryTreat(text, name, out List<SensitiveFinding>? found, out string? failure);
            return failure is not null ? Withheld(failure)
                : safe is null ? new(text, SafetyOutcome.Clean, [])
                : new(safe, SafetyOutcome.Found, found!);
        }
        catch (Exception exception)
        {
            // The message may hold the text.
            return Withheld(exception.GetType().Name);
        }
    }

    /// <summary>Treats one value. Gives null when nothing is found. <paramref name="failure"/> says why the value has to be withheld; null
    /// when it need not.</summary>
    internal string? TryTreat(ReadOnlySpan<char> text, ReadOnlySpan<char> name, out List<SensitiveFinding>? found, out string? failure)
    {
        found = TryFind(text, name, out failure);
        if (found is null)
        {
            return null;
        }

        List<int> ends = [];
        string safe = _replacements.Apply(text, found, ends);

        // A mask is shorter than its value, so that a word comes closer to the next value and now says what that is. A second scan must
        // find nothing more, and a scan by somebody else's copy of this library neither.
        for (int scans = 1; scans < MostScans && !_replacements.DropsContent(found); scans++)
        {
            if (TryFind(safe, name, out failure) is not { } more)
            {
                return failure is null ? safe : null;
            }

            string before = safe;
            found = Overlaps.Resolve([.. found, .. InSource(more, found, ends)]);
            safe = _replacements.Apply(text, found, ends);
            if (safe == before)
            {
                break;
            }
        }

        return safe;
    }

    /// <summary>Gives findings of a text with replacements the positions of the text without.</summary>
    private static IEnumerable<SensitiveFinding> InSource(List<SensitiveFinding> more, List<SensitiveFinding> replaced, List<int> ends)
    {
        foreach (SensitiveFinding finding in more)
        {
            int start = PositionOf(finding.Start, atEnd: false), end = PositionOf(finding.End, atEnd: true);
            yield return finding with { Start = start, Length = end - start };
        }

        int PositionOf(int position, bool atEnd)
        {
            int last = ends.BinarySearch(position), next = last < 0 ? ~last : last;
            int before = next - 1, plain = position + (before < 0 ? 0 : replaced[before].End - ends[before]);

            // Within a replacement it is an edge of what was replaced.
            return next == ends.Count || plain <= replaced[next].Start ? plain : atEnd || last >= 0
                ? replaced[next].End : replaced[next].Start;
        }
    }

    /// <summary>Finds what is sensitive in one value.</summary>
    private List<SensitiveFinding>? TryFind(ReadOnlySpan<char> text, ReadOnlySpan<char> name, out string? failure)
    {
        failure = null;
        if (text.Length > _maxLength)
        {
            failure = "length";
            return null;
        }

        try
        {
            return Find(text, name, DeadlineFor(text.Length));
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

    private static SensitiveAction[] ActionsOf(SafetyOptions options)
    {
        options.Check();
        return [.. Enum.GetValues<SensitiveType>().Select(type => options[type])];
    }

    // Detectors of this package take microseconds for a short text. To ask for the thread's time would take longer.
    private Deadline DeadlineFor(int length) => length <= TextScan.CharactersBetweenLooks && _detectors.Length == 0
        ? default
        : new(_clock, _maxTime < LongestMultiplied ? _maxTime * (1 + (length / SafetyOptions.CharactersOfMaxTime)) : _maxTime);

    private static MaskedText Withheld(string reason) => new(WithheldText, SafetyOutcome.Withheld, [], reason);
}
