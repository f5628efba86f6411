using System.Diagnostics;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace PandaProbe.Generators;

/// <summary>
/// What the generator adds to a compile. The memory that a compiler on one thread takes for the same work is the same each time, whatever
/// else the machine does. Time is not: it is written down, but holds to no bound.
/// </summary>
public sealed class BuildTimeTests(ITestOutputHelper output)
{
    private const int Files = 50;
    private const int CallsPerFile = 20;

    [Fact]
    public void A_thousand_calls_add_less_than_fifteen_percent_to_the_work_of_a_compile()
    {
        string[] sources = [.. Enumerable.Range(0, Files).Select(Source)];

        // Loads what a process loads once.
        Compile([Source(Files)], CompiledProgram.TwinDriver(), replacedCalls: 0);
        Compile([Source(Files)], CompiledProgram.Driver(), replacedCalls: CallsPerFile);
        Work without = Compile(sources, CompiledProgram.TwinDriver(), replacedCalls: 0);
        Work with = Compile(sources, CompiledProgram.Driver(), replacedCalls: Files * CallsPerFile);

        output.WriteLine(
            $"{Files * CallsPerFile} calls: {(double)with.Bytes / without.Bytes - 1:P1} more memory, {with.Time / without.Time - 1:P1} more time");
        ((double)with.Bytes).ShouldBeLessThan(without.Bytes * 1.15);
    }

    private static Work Compile(string[] sources, GeneratorDriver driver, int replacedCalls)
    {
        CSharpCompilation compilation = CompiledProgram.Compilation("Large", sources);
        compilation = compilation.WithOptions(compilation.Options.WithConcurrentBuild(false));
        long start = Stopwatch.GetTimestamp();
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        generated.Emit(Stream.Null).Success.ShouldBeTrue();
        Work work = new(GC.GetAllocatedBytesForCurrentThread() - bytes, Stopwatch.GetElapsedTime(start));

        string written = CompiledProgram.GeneratedSource(generated) ?? "";
        (written.Split("[InterceptsLocation(").Length - 1).ShouldBe(replacedCalls);
        return work;
    }

    // Lines like those around any call: queries, dictionaries, interpolation.
    private static string Source(int file)
    {
        StringBuilder text = new();
        text.Append($$"""
            namespace Bench;
            public static class C{{file}}
            {
                [ProbeTrace] public static async Task<string> Ask{{file}}Async(string q, int n, CancellationToken ct = default) { await Task.Yield(); return q + n; }
                [ProbeSpan(Kind = ProbeSpanKind.Tool)] private static int Step(int n, string word) => n + word.Length;
                public static async Task<int> RunAsync()
                {
                    int total = 0;

            """);
        for (int call = 0; call < CallsPerFile / 2; call++)
            text.Append($"        total += (await Ask{file}Async(\"q{call}\", {call})).Length + Step({call}, \"w\");\n");
        text.Append("        return total;\n    }\n");
        for (int method = 0; method < 8; method++)
        {
            text.Append($$"""
                    public static string Other{{method}}(IReadOnlyList<int> items, string name)
                    {
                        var sorted = items.Where(x => x > {{method}}).OrderBy(x => -x).Select(x => new { x, Text = $"{name}-{x}" }).ToList();
                        var map = new Dictionary<string, int>();
                        foreach (var item in sorted)
                        {
                            if (!map.TryGetValue(item.Text, out int count)) count = 0;
                            map[item.Text] = count + item.x;
                        }

                        return string.Join(", ", map.Select(pair => $"{pair.Key}={pair.Value}")) + sorted.Sum(x => x.x);
                    }

                """);
        }

        return text.Append("}\n").ToString();
    }

    private readonly record struct Work(long Bytes, TimeSpan Time);
}
