using PandaProbe.Conventions;
using PandaProbe.Safety;

namespace PandaProbe.Inspection;

/// <summary>What the texts of one span show. It never carries a text or a value.</summary>
internal sealed class SpanFindings
{
    private const int Most = 16;
    private const int LongestLabel = 64;

    private readonly SortedSet<string> _rules = new(StringComparer.Ordinal);
    private readonly List<FollowedValue> _followed = [];
    private readonly List<SharedValue> _shared = [];
    private double _injection;
    private LeakedPrompt? _leak;
    private ContentVerdict? _verdict;
    private bool _isRead;

    public bool Any => _injection > 0 || _leak is not null || _followed.Count > 0 || _shared.Count > 0;

    public void Add(InjectionScore score)
    {
        if (!score.IsAttempt)
            return;

        _injection = Math.Max(_injection, score.Value);
        _rules.UnionWith(score.Rules);
    }

    public void Add(LeakedPrompt leak)
    {
        InspectionCounters.Structure("leak", "instructions");
        if (_leak is not { } known || leak.Words > known.Words)
            _leak = leak;
    }

    public void Add(FollowedValue followed)
    {
        if (_followed.Count == Most || _followed.Contains(followed))
            return;

        InspectionCounters.Structure("followed", followed.Kind);
        _followed.Add(followed);
    }

    public void Add(SharedValue shared)
    {
        if (_shared.Count == Most || _shared.Exists(known => known.Hash == shared.Hash))
            return;

        InspectionCounters.Structure("shared", shared.Type.ToString());
        _shared.Add(shared);
    }

    /// <summary>Takes the verdict of a classifier. <see langword="false"/> when an exporter has read the findings before.</summary>
    public bool TryAdd(ContentVerdict verdict)
    {
        lock (_rules)
        {
            if (_isRead)
                return false;
            if (_verdict is not { } known || verdict.Score > known.Score)
                _verdict = verdict;
            return true;
        }
    }

    public IReadOnlyList<KeyValuePair<string, object?>> Attributes()
    {
        ContentVerdict? verdict;
        lock (_rules)
            (verdict, _isRead) = (_verdict, true);

        List<KeyValuePair<string, object?>> attributes = [];
        if (_injection > 0)
        {
            attributes.Add(new(Pandaprobe.Safety.IsInjection, true));
            attributes.Add(new(Pandaprobe.Safety.Injection.Score, _injection));
            attributes.Add(new(Pandaprobe.Safety.Injection.Rules, _rules.ToArray()));
        }

        if (_leak is { } leak)
        {
            attributes.Add(new(Pandaprobe.Safety.Leak.Words, leak.Words));
            attributes.Add(new(Pandaprobe.Safety.Leak.Share, Math.Round(leak.Share, 3)));
        }

        if (_followed.Count > 0)
        {
            attributes.Add(new(Pandaprobe.Safety.Followed.Kinds, _followed.ConvertAll(value => value.Kind).ToArray()));
            attributes.Add(new(Pandaprobe.Safety.Followed.Spans, _followed.ConvertAll(value => value.FromSpanId).ToArray()));
        }

        if (_shared.Count > 0)
        {
            attributes.Add(new(Pandaprobe.Safety.Shared.Types, _shared.ConvertAll(value => value.Type.ToString()).ToArray()));
            attributes.Add(new(Pandaprobe.Safety.Shared.Hashes, _shared.ConvertAll(value => value.Hash).ToArray()));
            attributes.Add(new(Pandaprobe.Safety.Shared.Spans, _shared.ConvertAll(value => value.SpanIds[0]).ToArray()));
        }

        if (verdict is { Score: { } score })
        {
            attributes.Add(new(Pandaprobe.Safety.Classifier.Score, score));
            if (verdict.Value.Label is { } label)
                attributes.Add(new(Pandaprobe.Safety.Classifier.Label, label.Length <= LongestLabel ? label : label[..LongestLabel]));
        }

        return attributes;
    }
}
