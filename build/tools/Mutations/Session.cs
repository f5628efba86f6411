using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace PandaProbe.Tools.Mutations;

/// <summary>One measurement: draws the changes, runs the tests that reach each, and says which were noticed.</summary>
internal sealed class Session(Settings settings)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (settings.Build)
            await BuildAsync(stop);

        Compiler compiler = await Compiler.ForAsync(settings.Project, stop);
        byte[] unchanged = compiler.EmitUnchanged();
        byte[] measured = compiler.EmitMeasured();
        using TestFolders folders = new(settings.Root, settings.Assembly);
        Say($"{folders.Projects.Count} test projects reach {settings.Assembly}: {string.Join(", ", folders.Projects.Keys)}.");

        List<TestCase> tests = await BaselineAsync(compiler, folders, measured, stop);
        Judge judge = new(folders, new Reach(measured, tests), tests, unchanged, settings.Patience);
        await judge.SetAsideUnfitAsync(stop);
        foreach (string name in judge.Unfit)
            Say($"Left out, as it fails without a change in this setup: {name}");
        Say($"{tests.Count} tests, {tests.Sum(test => test.Milliseconds) / 1000:F0} s of running.");

        return await MeasureAsync(compiler, judge, stop);
    }

    private async Task<int> MeasureAsync(Compiler compiler, Judge judge, CancellationToken stop)
    {
        Dictionary<string, string> accepted = Accepted.Read();
        Mutation[] all = [.. compiler.Written.SelectMany(Mutator.Of)];
        HashSet<string> files = [.. all.Select(mutation => mutation.File)];
        HashSet<string> names = [.. all.Select(mutation => mutation.Name)];
        foreach (string name in accepted.Keys.Where(name => files.Contains(Mutation.FileOf(name)) && !names.Contains(name)))
            Say($"accepted.txt names a change that is no longer possible: {name}");

        new Random(settings.Seed).Shuffle(all);
        Say($"{all.Length} changes are possible; {settings.Count} are drawn with seed {settings.Seed}.");

        Tally tally = new();
        HashSet<(string, int)> places = [];
        int number = 0;
        foreach (Mutation mutation in all)
        {
            if (number == settings.Count || _clock.Elapsed > settings.Limit || stop.IsCancellationRequested)
                break;
            if (!places.Add((mutation.Tree.FilePath, mutation.Change.Span.Start)))
                continue;
            if (compiler.Emit(mutation) is not { } library)
            {
                tally.Refused++;
                continue;
            }

            number++;
            if (settings.Only?.Contains(number) == false)
                continue;

            Verdict verdict;
            try
            {
                verdict = accepted.TryGetValue(mutation.Name, out string? why)
                    ? new(Outcome.SetAside, why)
                    : await judge.JudgeAsync(mutation, library, stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            tally.Add(mutation, verdict.Outcome);
            string place = $"{Path.GetRelativePath(settings.Root, mutation.Tree.FilePath)}:{mutation.Position.Line + 1}";
            string change = $"{mutation.Member}  {mutation.Original} → {mutation.Changed}";
            Say($"{number,3} {verdict.Outcome,-8} {place}  {change}  ({verdict.Explanation})");
        }

        Say(tally.ToString());
        return tally.Survivors.Any() ? 1 : 0;
    }

    private async Task BuildAsync(CancellationToken stop)
    {
        string tests = Path.Combine(settings.Root, "test");
        foreach (string project in Directory.GetFiles(tests, "*.Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Say($"Builds {Path.GetFileNameWithoutExtension(project)}.");
            string[] arguments = ["build", project, "-c", "Release", "-f", "net10.0", "-v", "q", "-nodeReuse:false"];
            await Processes.OutputOfAsync("dotnet", settings.Root, arguments, stop);
        }
    }

    private async Task<List<TestCase>> BaselineAsync(Compiler compiler, TestFolders folders, byte[] measured, CancellationToken stop)
    {
        Dictionary<string, Measured> known = File.Exists(settings.Baseline)
            ? JsonSerializer.Deserialize<Dictionary<string, Measured>>(await File.ReadAllTextAsync(settings.Baseline, stop))!
            : [];
        byte[] sources = [.. compiler.Written.SelectMany(tree => tree.GetText().GetChecksum())];
        folders.Install(measured);

        // Two at a time, the largest first. A test that another one disturbs runs again alone.
        ParallelOptions two = new() { MaxDegreeOfParallelism = 2, CancellationToken = stop };
        await Parallel.ForEachAsync(folders.Projects.OrderByDescending(SizeOf), two, async (project, stop) =>
        {
            // Not of the library's assembly, which names the commit.
            string key = Convert.ToHexString(SHA256.HashData([.. sources, .. await File.ReadAllBytesAsync(PathOf(project), stop)]));
            lock (known)
            {
                if (known.TryGetValue(project.Key, out Measured? before) && before.Key == key)
                    return;
            }

            TestRun run = await folders.RunAsync(project.Key, [], stopAtFailure: false, stop);
            if (!run.Passed)
            {
                throw new InvalidOperationException(
                    $"Without a change, {run.Stopped?.Name ?? $"the host of {project.Key}"} {run.Why}");
            }

            double seconds = run.Done.Sum(test => test.Milliseconds) / 1000;
            Say($"{project.Key}: {run.Done.Count} tests in {seconds:F0} s, {run.Done.Count(test => test.Failed)} failed.");
            lock (known)
            {
                known[project.Key] = new(key, run.Done);
                if (settings.Baseline is not null)
                    File.WriteAllText(settings.Baseline, JsonSerializer.Serialize(known));
            }
        });

        return [.. folders.Projects.Keys.SelectMany(project => known[project].Tests)];
    }

    private static string PathOf(KeyValuePair<string, string> project) => Path.Combine(project.Value, project.Key + ".dll");

    private static long SizeOf(KeyValuePair<string, string> project) => new FileInfo(PathOf(project)).Length;

    private void Say(string text) => Console.WriteLine($"{_clock.Elapsed:hh\\:mm\\:ss} {text}");

    private sealed record Measured(string Key, IReadOnlyList<TestCase> Tests);
}
