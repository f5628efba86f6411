namespace PandaProbe.Tools.Mutations;

/// <param name="Explanation">The test that noticed, how many tests ran in vain, or why the change cannot be seen.</param>
internal sealed record Verdict(Outcome Outcome, string Explanation);
