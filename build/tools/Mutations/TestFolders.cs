using System.Diagnostics;
using System.Globalization;

namespace PandaProbe.Tools.Mutations;

/// <summary>
/// Copies of the built test projects, and of the programs that they start, laid out as in the checkout. Only these copies ever hold a
/// changed library, so a run that is killed leaves nothing behind in the checkout.
/// </summary>
internal sealed class TestFolders : IDisposable
{
    private const string Ended = "ended its process";

    // The host runs tests of xunit only.
    private const string Framework = "xunit.execution.dotnet.dll";

    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(2);
    private static readonly string Output = Path.Combine("bin", "Release", "net10.0");

    private static readonly string Host = typeof(TestFolders).Assembly.Location;

    private readonly string _root = Directory.CreateTempSubdirectory("mutations-").FullName;
    private readonly List<string> _folders = [];
    private readonly string _library;

    public TestFolders(string root, string assembly)
    {
        _library = assembly + ".dll";
        string[] parents = [Path.Combine(root, "test"), Path.Combine(root, "examples")];
        foreach (string project in parents.SelectMany(Directory.GetDirectories))
        {
            string built = Path.Combine(project, Output);
            if (!File.Exists(Path.Combine(built, _library)))
                continue;

            string copy = Path.Combine(_root, Path.GetRelativePath(root, built));
            Copy(built, copy);
            _folders.Add(copy);
            string name = Path.GetFileName(project);
            if (name.EndsWith(".Tests", StringComparison.Ordinal) && File.Exists(Path.Combine(copy, name + ".dll"))
                && File.Exists(Path.Combine(copy, Framework)))
            {
                Projects.Add(name, copy);
                File.Copy(Host, Path.Combine(copy, Path.GetFileName(Host)));
            }
        }
    }

    /// <summary>The test projects with xunit that reach the library, and where their copies lie.</summary>
    public SortedDictionary<string, string> Projects { get; } = new(StringComparer.Ordinal);

    public void Install(byte[] library)
    {
        foreach (string folder in _folders)
            File.WriteAllBytes(Path.Combine(folder, _library), library);
    }

    /// <summary>Runs tests of one project in their order (all when there are none), until the one that fails or takes too long.</summary>
    /// <param name="tests">Empty for the first run, which finds them.</param>
    public async Task<TestRun> RunAsync(string project, IReadOnlyList<TestCase> tests, bool stopAtFailure, CancellationToken stop)
    {
        string folder = Projects[project];
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList =
            {
                "exec",
                "--depsfile", Path.Combine(folder, project + ".deps.json"),
                "--runtimeconfig", Path.Combine(folder, project + ".runtimeconfig.json"),
                Path.Combine(folder, Path.GetFileName(Host)), TestHost.Verb, project,
            },
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A change may allocate without end. Short runs gain nothing from profiles.
        start.Environment["DOTNET_GCHeapHardLimit"] = "60000000";
        start.Environment["DOTNET_TieredPGO"] = "0";

        using Process process = Process.Start(start)!;
        Task<string> crash = process.StandardError.ReadToEndAsync(stop);
        try
        {
            foreach (TestCase test in tests)
                await process.StandardInput.WriteAsync($"{test.Class}\t{test.Id}\n");
            process.StandardInput.Close();
            TestRun run = await ReadAsync(project, process.StandardOutput, tests.ToDictionary(test => test.Id), stopAtFailure, stop);
            return run.Why == Ended ? run with { Why = $"{Ended}: {(await crash).Trim()}" } : run;
        }
        finally
        {
            Processes.Kill(process);
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static async Task<TestRun> ReadAsync(
        string project, StreamReader output, Dictionary<string, TestCase> known, bool stopAtFailure, CancellationToken stop)
    {
        Dictionary<string, TestCase> found = [];
        List<TestCase> done = [];
        TestCase? current = null;
        while (true)
        {
            string? line;
            try
            {
                line = await output.ReadLineAsync(stop).AsTask().WaitAsync(current is null ? Starting : Bound(current, known), stop);
            }
            catch (TimeoutException)
            {
                return new(done, current, "took too long");
            }

            string[] fields = line?.Split('\t') ?? [];
            switch (fields)
            {
                case []:
                    return new(done, current, Ended);
                case [TestHost.Found, var id, var type, var name]:
                    found[id] = new(project, type, id, name, 0, false, "");
                    break;
                case [TestHost.Started, var id]:
                    current = found[id];
                    break;
                case [TestHost.Ended, var id, var seconds, var failure, var reached]:
                    double milliseconds = double.Parse(seconds, CultureInfo.InvariantCulture) * 1000;
                    done.Add(found[id] with { Milliseconds = milliseconds, Failed = failure.Length > 0, Reached = reached });
                    current = null;
                    if (failure.Length > 0 && stopAtFailure)
                        return new(done, done[^1], failure);
                    break;
                case [TestHost.Complete]:
                    return new(done, null, null);
            }
        }
    }

    private static TimeSpan Bound(TestCase test, Dictionary<string, TestCase> known) =>
        known.TryGetValue(test.Id, out TestCase? before)
            ? TimeSpan.FromMilliseconds(Math.Max(20_000, 5 * before.Milliseconds))
            : TimeSpan.FromMinutes(5);

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
