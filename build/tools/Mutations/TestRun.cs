namespace PandaProbe.Tools.Mutations;

/// <summary>How a run of tests ended.</summary>
/// <param name="Done">The tests that ended, with what they took and reached.</param>
/// <param name="Stopped">The test at which the run ended before its time, null when all ran. It need not be known: a process can also end before its first test.</param>
/// <param name="Why">The failure.</param>
internal sealed record TestRun(IReadOnlyList<TestCase> Done, TestCase? Stopped, string? Why)
{
    public bool Passed => Why is null;
}
