using PandaProbe.Safety;
using PandaProbe.Safety.Structure;

namespace PandaProbe.Inspection;

/// <summary>What the texts of one trace have shown so far: hashes, ids of spans and scores, never a text.</summary>
internal sealed class TraceFacts
{
    /// <summary>About how many bytes a fact takes: a key, a value, and their places in a dictionary and a queue.</summary>
    public const int BytesPerFact = 48;

    private const int MostTexts = 1024;
    private const int MostValues = 4096;
    private const int MostRows = 8192;

    // What a trace takes without any.
    private const int Overhead = 32;

    private readonly RecentFacts<(SpanTextSource Source, ulong Text), InjectionScore> _seen = new(MostTexts);
    private readonly LeakWatch? _leaks;
    private readonly FollowWatch? _followed;
    private readonly SensitiveScanner? _scanner;
    private readonly RecentFacts<string, string> _values = new(MostTexts);

    /// <param name="detectsInjection">Whether attempts, leaks and followed values are looked for.</param>
    /// <param name="scanner">What finds values that spans share; <see langword="null"/> looks for none.</param>
    public TraceFacts(bool detectsInjection, SensitiveScanner? scanner)
    {
        _scanner = scanner;
        if (detectsInjection)
            (_leaks, _followed) = (new(PromptLeak.LeastWords, MostRows), new(MostValues));
    }

    public int Count => Overhead + _seen.Count + _values.Count + (_leaks?.Count ?? 0) + (_followed?.Count ?? 0);

    /// <summary>Gets or sets whether it is known what the trace was asked.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Takes in what is known before its span ends.</summary>
    public void Hear(SpanText text)
    {
        _leaks?.Add(text);
        _followed?.Add(text);
    }

    /// <summary>Takes in a text of an ended span, and adds what it shows to the findings of the span.</summary>
    /// <returns><see langword="true"/> when it is new and from outside, so that a model may be asked about it.</returns>
    public bool Add(SpanText text, SpanFindings findings)
    {
        // A conversation comes again with each call. What a model says counts each time.
        bool isOfModel = text.Source is SpanTextSource.Answer or SpanTextSource.ToolArguments;
        (SpanTextSource Source, ulong Text) key = (text.Source, TextHash.Of(text.Text));
        if (!isOfModel && _seen.TryGet(key, out InjectionScore known))
        {
            findings.Add(known);
            return false;
        }

        bool isFromOutside = !isOfModel && text.Source != SpanTextSource.Instructions;
        InjectionScore score = isFromOutside && _leaks is not null ? PromptInjection.Score(text.Text) : default;
        InspectionCounters.Count(score);
        findings.Add(score);
        if (!isOfModel)
            _seen.TryAdd(key, score);
        AddStructure(text, findings);
        AddShared(text, findings);
        return isFromOutside;
    }

    private void AddStructure(SpanText text, SpanFindings findings)
    {
        if (_leaks?.Add(text) is { } leak)
            findings.Add(leak);
        foreach ((FollowedValue followed, _) in _followed?.Add(text) ?? [])
            findings.Add(followed);
    }

    private void AddShared(SpanText text, SpanFindings findings)
    {
        if (_scanner is null)
            return;

        try
        {
            foreach ((SensitiveType type, string hash) in ValueLineage.HashesOf(text.Text, _scanner))
            {
                if (!_values.TryAdd(hash, text.SpanId) && _values.TryGet(hash, out string? first) && first != text.SpanId)
                    findings.Add(new SharedValue(type, hash, [first]));
            }
        }
        catch (TimeoutException)
        {
            // A text that cannot be scanned in time has no values.
        }
    }
}
