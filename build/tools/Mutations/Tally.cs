using System.Globalization;
using System.Text;

namespace PandaProbe.Tools.Mutations;

/// <summary>The result of a session.</summary>
internal sealed class Tally
{
    private int _noticed;

    public List<Mutation> Survivors { get; } = [];

    public int SetAside { get; set; }

    /// <summary>Changes that the compiler noticed. They are not counted among the drawn.</summary>
    public int Refused { get; set; }

    public void Add(Mutation mutation, Verdict verdict)
    {
        if (verdict.Noticed)
            _noticed++;
        else
            Survivors.Add(mutation);
    }

    public override string ToString()
    {
        int run = _noticed + Survivors.Count;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{_noticed} of {run} changes noticed ({(run == 0 ? 0 : 100.0 * _noticed / run):F1} %), {SetAside} set aside, {Refused} refused by the compiler.");
        foreach (Mutation survivor in Survivors)
            text.AppendLine().Append(survivor.Name);
        return text.ToString();
    }
}
