namespace PandaProbe.Tools.Mutations;

/// <param name="Explanation">The test that noticed, or how many tests ran in vain.</param>
internal sealed record Verdict(bool Noticed, string Explanation);
