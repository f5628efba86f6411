using System.Globalization;
using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace PandaProbe.Tools.Mutations;

/// <summary>
/// Runs tests in the folder of a test project, one after the other, in the order in which the standard input names them. All when it names
/// none. It tells of each test on the standard output when it starts and when it ends, so that whoever started the host can end it at once.
/// </summary>
internal static class TestHost
{
    public const string Verb = "host-of-tests";
    public const string Found = "found";
    public const string Started = "started";
    public const string Ended = "ended";
    public const string Complete = "complete";

    private const char Separator = '\t';

    public static int Run(string assemblyName)
    {
        using StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        void Write(params string[] fields) =>
            output.WriteLine(string.Join(Separator, fields.Select(field => field.ReplaceLineEndings(" ").Replace(Separator, ' '))));

        string[] wanted = Console.In.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var assembly = Assembly.Load(new AssemblyName(assemblyName));
        XunitTestFramework framework = new(new Sink(static _ => { }));
        List<ITestCase> tests = Discover(framework, assembly, [.. wanted.Select(line => line.Split(Separator)[0]).Distinct()]);
        if (wanted.Length > 0)
        {
            List<string> ids = [.. wanted.Select(line => line.Split(Separator)[1])];
            tests = [.. tests.Where(test => ids.Contains(test.UniqueID)).OrderBy(test => ids.IndexOf(test.UniqueID))];
        }

        foreach (ITestCase test in tests)
            Write(Found, test.UniqueID, ClassOf(test), test.DisplayName);

        using ITestFrameworkExecutor executor = framework.GetExecutor(assembly.GetName());
        foreach (IGrouping<string, ITestCase> group in tests.GroupBy(ClassOf))
            RunClass(executor, [.. group], Write);
        Write(Complete);
        output.Flush();

        // Threads that a changed library leaves behind do not keep the process.
        Environment.Exit(0);
        return 0;
    }

    private static List<ITestCase> Discover(XunitTestFramework framework, Assembly assembly, string[] classes)
    {
        List<ITestCase> tests = [];
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(assembly));
        foreach (string? name in classes.DefaultIfEmpty<string?>(null))
        {
            using ManualResetEventSlim complete = new();
            Sink sink = new(message =>
            {
                if (message is ITestCaseDiscoveryMessage found)
                    tests.Add(found.TestCase);
                if (message is IDiscoveryCompleteMessage)
                    complete.Set();
            });
            if (name is null)
                discoverer.Find(includeSourceInformation: false, sink, new Options());
            else
                discoverer.Find(name, includeSourceInformation: false, sink, new Options());
            complete.Wait();
        }

        return tests;
    }

    private static void RunClass(ITestFrameworkExecutor executor, List<ITestCase> tests, Action<string[]> write)
    {
        using ManualResetEventSlim complete = new();
        string? failure = null;
        executor.RunTests(
            tests,
            new Sink(message =>
            {
                switch (message)
                {
                    case ITestCaseStarting start:
                        failure = null;
                        write([Started, start.TestCase.UniqueID]);
                        break;
                    case ITestFailed failed:
                        failure = $"{failed.ExceptionTypes[0]}: {failed.Messages[0]}";
                        break;
                    case ITestCaseFinished end:
                        string seconds = end.ExecutionTime.ToString(CultureInfo.InvariantCulture);
                        write([Ended, end.TestCase.UniqueID, seconds, failure ?? "", Reached()]);
                        break;
                    case ITestAssemblyFinished:
                        complete.Set();
                        break;
                }
            }),
            new Options());
        complete.Wait();
    }

    private static string ClassOf(ITestCase test) => test.TestMethod.TestClass.Class.Name;

    private static string Reached() => string.Concat(AppDomain.CurrentDomain.GetAssemblies()
        .Select(assembly => assembly.GetType(Reach.RecorderType)?.GetMethod(Reach.RecorderMethod)?.Invoke(null, null)));

    private sealed class Sink(Action<IMessageSinkMessage> act) : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message)
        {
            act(message);
            return true;
        }
    }

    private sealed class Options : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = new()
        {
            ["xunit.discovery.PreEnumerateTheories"] = true,
            ["xunit.discovery.SynchronousMessageReporting"] = true,
            ["xunit.execution.SynchronousMessageReporting"] = true,
            ["xunit.execution.DisableParallelization"] = true,
        };

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out object? value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
