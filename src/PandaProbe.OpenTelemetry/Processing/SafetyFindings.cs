using PandaProbe.Conventions;
using PandaProbe.Safety;

namespace PandaProbe.Processing;

/// <summary>What was found in the texts of one span. It never carries a value.</summary>
internal sealed class SafetyFindings
{
    private const string Found = "found";
    private const string Withheld = "withheld";

    private readonly SortedSet<string> _types = new(StringComparer.Ordinal);
    private int _count;
    private bool _isPersonal;
    private bool _isWithheld;

    public bool Any => _count > 0 || _isWithheld;

    public void Clear()
    {
        _types.Clear();
        (_count, _isPersonal, _isWithheld) = (0, false, false);
    }

    public void Add(MaskedText masked)
    {
        _isWithheld |= masked.Outcome == SafetyOutcome.Withheld;
        foreach (SensitiveFinding finding in masked.Findings)
        {
            _count++;
            _types.Add(finding.Type.ToString());
            _isPersonal |= finding.Type is not (
                SensitiveType.Secret or SensitiveType.PrivateKey or SensitiveType.Password or SensitiveType.Custom);
        }
    }

    /// <summary>Returns the attributes that say so, together with what the span says already.</summary>
    /// <param name="attribute">Returns the value of an attribute of the span.</param>
    public IEnumerable<KeyValuePair<string, object?>> Attributes(Func<string, object?> attribute)
    {
        if (!Any)
            yield break;

        IEnumerable<string> known = attribute(Pandaprobe.Safety.Types) as string[] ?? [];
        yield return new(Pandaprobe.Safety.Findings, _count + (attribute(Pandaprobe.Safety.Findings) as int? ?? 0));
        yield return new(Pandaprobe.Safety.Types, known.Union(_types).Order(StringComparer.Ordinal).ToArray());
        yield return new(
            Pandaprobe.Safety.Outcome, _isWithheld || attribute(Pandaprobe.Safety.Outcome) is Withheld ? Withheld : Found);
        if (_isPersonal)
            yield return new(Pandaprobe.Safety.HasPersonalData, true);
    }
}
