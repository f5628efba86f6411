namespace PandaProbe.Tools.Mutations;

/// <summary>How a run of tests ended.</summary>
/// <param name="Done">The tests that ended, with what they took and reached.</param>
/// <param name="Stopped">The test at which the run ended early. Null when all ran, and when the process ended between two tests.</param>
/// <param name="Why">The failure.</param>
internal sealed record TestRun(IReadOnlyList<TestCase> Done, TestCase? Stopped, string? Why)
{
    public bool Passed => Why is null;
}
