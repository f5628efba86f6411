namespace PandaProbe.Tools.Mutations;

/// <summary>Finds out whether a test notices a change.</summary>
internal sealed class Judge(TestFolders folders, Reach reach, IReadOnlyList<TestCase> tests, byte[] unchanged, TimeSpan patience)
{
    private readonly HashSet<TestCase> _unfit = [];
    private readonly HashSet<TestCase> _fit = [];

    /// <summary>Tests that fail without a change when they run alone, or in the copied folders.</summary>
    public IEnumerable<string> Unfit => _unfit.Select(test => test.Name).Order(StringComparer.Ordinal);

    /// <summary>Takes out what fails in the unchanged library too. What only fails while it is measured stays.</summary>
    public async Task SetAsideUnfitAsync(CancellationToken stop)
    {
        foreach (TestCase test in tests.Where(test => test.Failed))
            await IsFitAsync(test, stop);
    }

    public async Task<Verdict> JudgeAsync(Mutation mutation, byte[] library, CancellationToken stop)
    {
        IReadOnlyCollection<TestCase>? reaching = reach.TestsOf(mutation);
        List<TestCase> chosen = Order(mutation, reaching);
        int skipped = reaching?.Except(chosen).Count(test => !_unfit.Contains(test)) ?? 0;
        int ran = 0;
        foreach (IGrouping<string, TestCase> project in chosen.GroupBy(test => test.Project))
        {
            List<TestCase> left = [.. project];
            while (left.Count > 0)
            {
                folders.Install(library);
                TestRun run = await folders.RunAsync(project.Key, left, stopAtFailure: true, stop);
                ran += run.Done.Count;
                if (run.Passed)
                    break;

                // Without a test that could be blamed, the library does not even load.
                if (run.Stopped is null && run.Done.Count == 0)
                    return new(Outcome.Noticed, $"the tests of {project.Key} {run.Why}");

                TestCase blamed = left.Find(test => test.Id == (run.Stopped ?? run.Done[^1]).Id)!;
                if (await FailsAloneAsync(blamed, library, stop) && await IsFitAsync(blamed, stop))
                    return new(Outcome.Noticed, $"{blamed.Name}: {Shorten(run.Why!)}");
                left.RemoveRange(0, left.IndexOf(blamed) + 1);
            }
        }

        string known = reaching is null ? "nothing says which tests reach it" : $"{reaching.Count} tests reach it";
        return new(Outcome.Survived, $"{known}, {ran} ran{(skipped > 0 ? $", {skipped} that reach it did not, as the time was up" : "")}");
    }

    /// <summary>
    /// First the tests that are named after the changed type, then those of its rooms, then others, shorter classes first. After those that
    /// reach the change come their neighbours: what a process does once and keeps is only reached by the test that is first in it.
    /// </summary>
    private List<TestCase> Order(Mutation mutation, IReadOnlyCollection<TestCase>? reaching)
    {
        string[] around = Path.GetDirectoryName(mutation.Tree.FilePath)!.Split(Path.DirectorySeparatorChar);
        string[] rooms = [.. around.Select(folder => $".{folder}.")];
        HashSet<string> classes = [.. (reaching ?? []).Select(test => test.Class)];
        int Distance(TestCase test) =>
            test.ShortClass.StartsWith(mutation.Type, StringComparison.Ordinal) ? 0
            : rooms.Any(room => test.Class.Contains(room, StringComparison.Ordinal)) ? 1
            : 2;

        IOrderedEnumerable<IGrouping<(string Project, string Class, bool Reaches), (TestCase Test, int Near, bool Reaches)>> ordered = tests
            .Where(test => !_unfit.Contains(test))
            .Select(test => (Test: test, Near: Distance(test), Reaches: reaching?.Contains(test) == true))
            .Where(choice => choice.Reaches || choice.Near < 2 || classes.Contains(choice.Test.Class) || reaching is null)
            .GroupBy(choice => (choice.Test.Project, choice.Test.Class, choice.Reaches))
            .OrderBy(group => !group.Key.Reaches)
            .ThenBy(group => group.Min(choice => choice.Near))
            .ThenBy(group => group.Sum(choice => choice.Test.Milliseconds));

        List<TestCase> chosen = [];
        TimeSpan left = patience;
        foreach (TestCase test in ordered.SelectMany(group => group.Select(choice => choice.Test)))
        {
            if (test.Milliseconds > left.TotalMilliseconds)
                continue;

            left -= TimeSpan.FromMilliseconds(test.Milliseconds);
            chosen.Add(test);
        }

        return chosen;
    }

    // Once is no proof: on a busy machine a test can fail by itself.
    private async Task<bool> FailsAloneAsync(TestCase test, byte[] library, CancellationToken stop)
    {
        folders.Install(library);
        return !(await folders.RunAsync(test.Project, [test], stopAtFailure: true, stop)).Passed;
    }

    private async Task<bool> IsFitAsync(TestCase test, CancellationToken stop)
    {
        if (_fit.Contains(test) || _unfit.Contains(test))
            return _fit.Contains(test);

        bool fit = !await FailsAloneAsync(test, unchanged, stop);
        (fit ? _fit : _unfit).Add(test);
        return fit;
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
