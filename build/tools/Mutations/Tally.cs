using System.Globalization;

namespace PandaProbe.Tools.Mutations;

/// <summary>The result of a session.</summary>
internal sealed class Tally
{
    private readonly List<(Mutation Mutation, Outcome Outcome)> _all = [];

    /// <summary>Changes that the compiler noticed. They are not counted among the drawn.</summary>
    public int Refused { get; set; }

    public IEnumerable<Mutation> Survivors => _all.Where(entry => entry.Outcome == Outcome.Survived).Select(entry => entry.Mutation);

    public void Add(Mutation mutation, Outcome outcome) => _all.Add((mutation, outcome));

    public override string ToString()
    {
        int noticed = _all.Count(entry => entry.Outcome == Outcome.Noticed);
        int run = noticed + Survivors.Count();
        string ratio = (100.0 * noticed / Math.Max(1, run)).ToString("F1", CultureInfo.InvariantCulture);
        string sum = $"{noticed} of {run} changes noticed ({ratio} %), {_all.Count - run} set aside, {Refused} refused by the compiler.";
        return string.Join('\n', [sum, .. Survivors.Select(survivor => survivor.Name)]);
    }
}
