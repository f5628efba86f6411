using Microsoft.CodeAnalysis.Text;

namespace PandaProbe.Tools.Mutations;

/// <summary>Which tests reach which piece of code. Compiled for test coverage, an assembly sets a flag for each piece that runs.</summary>
internal sealed class Reach
{
    /// <summary>The type that the compiler wants to find for its flags. The host of the tests takes them after each test.</summary>
    public const string RecorderType = "Microsoft.CodeAnalysis.Runtime.Instrumentation";

    public const string RecorderMethod = "Take";

    public const string Recorder = """
        namespace Microsoft.CodeAnalysis.Runtime
        {
            [System.Diagnostics.CodeAnalysis.ExcludeFromCodeCoverage]
            internal static class Instrumentation
            {
                private static readonly System.Collections.Generic.List<(int Method, bool[] Flags)> All = new();

                public static bool[] CreatePayload(System.Guid mvid, int method, int file, ref bool[] flags, int length)
                {
                    lock (All)
                    {
                        if (flags is null)
                        {
                            flags = new bool[length];
                            All.Add((method, flags));
                        }

                        return flags;
                    }
                }

                public static bool[] CreatePayload(System.Guid mvid, int method, int[] files, ref bool[] flags, int length) =>
                    CreatePayload(mvid, method, 0, ref flags, length);

                public static string Take()
                {
                    System.Text.StringBuilder text = new();
                    lock (All)
                    {
                        foreach (var (method, flags) in All)
                        {
                            string before = (method & 0xFFFFFF) + ":";
                            for (int i = 0; i < flags.Length; i++)
                            {
                                if (flags[i])
                                {
                                    text.Append(before).Append(i);
                                    before = ",";
                                    flags[i] = false;
                                }
                            }

                            if (before == ",")
                                text.Append(';');
                        }
                    }

                    return text.ToString();
                }
            }
        }
        """;

    private readonly Dictionary<(int Method, int Piece), List<TestCase>> _tests = [];
    private readonly ILookup<string, Piece> _pieces;

    public Reach(byte[] assembly, IEnumerable<TestCase> tests)
    {
        _pieces = Piece.Of(assembly).ToLookup(piece => piece.Path);
        foreach (TestCase test in tests)
        {
            foreach (string method in test.Reached.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                int[] numbers = [.. method.Split(':', ',').Select(int.Parse)];
                foreach (int piece in numbers.Skip(1))
                {
                    if (!_tests.TryAdd((numbers[0], piece), [test]))
                        _tests[(numbers[0], piece)].Add(test);
                }
            }
        }
    }

    /// <summary>The tests that reach the smallest piece around a change. Null where the compiler sets no flag, as for constants.</summary>
    /// <remarks>
    /// A static field is set once in a process, by whichever test is first. All tests that reach its file may depend on it.
    /// </remarks>
    public IReadOnlyCollection<TestCase>? TestsOf(Mutation mutation)
    {
        LinePosition position = mutation.Position;
        Piece[] around = [.. _pieces[mutation.Tree.FilePath]
            .Where(piece => piece.Span.Start <= position && position < piece.Span.End)
            .OrderBy(piece => piece.Span.End.Line - piece.Span.Start.Line)
            .ThenBy(piece => piece.Span.End.Character - piece.Span.Start.Character)];
        if (around is not [var smallest, ..])
            return null;

        IEnumerable<Piece> reached = mutation.IsInStaticField
            ? _pieces[mutation.Tree.FilePath]
            : around.Where(piece => piece.Span == smallest.Span);
        return reached.SelectMany(piece => _tests.GetValueOrDefault((piece.Method, piece.Number)) ?? []).ToHashSet();
    }
}
