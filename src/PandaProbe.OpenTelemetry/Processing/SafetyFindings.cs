using System.Diagnostics.Metrics;
using PandaProbe.Conventions;
using PandaProbe.Safety;

namespace PandaProbe.Processing;

/// <summary>What was found in the texts of one span. It never carries a value.</summary>
internal sealed class SafetyFindings
{
    private const string Found = "found";
    private const string Withheld = "withheld";

    private static readonly Counter<long> Counter = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.safety.findings", "{finding}", "Sensitive values that were found in what leaves, by type, action and field.");

    private readonly List<(string Type, string Action, string Field)> _reports = [];
    private readonly SortedSet<string> _types = new(StringComparer.Ordinal);
    private int _count;
    private bool _isPersonal;
    private bool _isWithheld;

    /// <param name="scanner">What found them.</param>
    /// <param name="masked">What was found.</param>
    /// <param name="field">Where it was found.</param>
    public void Add(SensitiveScanner scanner, MaskedText masked, string field)
    {
        if (masked.Outcome == SafetyOutcome.Withheld)
        {
            _isWithheld = true;
            _reports.Add((Withheld, Withheld, field));
        }

        foreach (SensitiveFinding finding in masked.Findings)
        {
            _count++;
            _reports.Add((finding.Type.ToString(), scanner.ActionOf(finding.Type).ToString(), field));
            _types.Add(finding.Type.ToString());
            _isPersonal |= finding.Type is not (
                SensitiveType.Secret or SensitiveType.PrivateKey or SensitiveType.Password or SensitiveType.Custom);
        }
    }

    /// <summary>Counts what was found. What is written again is found again, so this is called once for a span.</summary>
    public void Report()
    {
        foreach ((string type, string action, string field) in _reports)
            Counter.Add(1, new("type", type), new("action", action), new KeyValuePair<string, object?>("field", field));
        _reports.Clear();
    }

    /// <summary>Returns the attributes that say so, together with what the span says already.</summary>
    /// <param name="attribute">Returns the value of an attribute of the span.</param>
    public IEnumerable<KeyValuePair<string, object?>> Attributes(Func<string, object?> attribute)
    {
        if (_count == 0 && !_isWithheld)
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
