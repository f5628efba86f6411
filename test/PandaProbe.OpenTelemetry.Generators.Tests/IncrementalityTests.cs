using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PandaProbe.Generators;

public sealed class IncrementalityTests
{
    private const string Agent = """
        public static class Agent { [ProbeSpan] public static int Work(int x) => x; public static int Call() => Work(1); }
        """;

    [Fact]
    public void Editing_an_unrelated_file_regenerates_nothing()
    {
        CSharpCompilation compilation = CompiledProgram.Compilation(
            "Edited", Agent, "public static class Other { public static int X() => 1; }");
        GeneratorDriver driver = CompiledProgram.Driver(trackSteps: true).RunGenerators(compilation);
        string before = Source(driver);

        SyntaxTree other = compilation.SyntaxTrees.Single(tree => tree.FilePath == "File1.cs");
        CSharpCompilation edited = compilation.ReplaceSyntaxTree(
            other, CSharpSyntaxTree.ParseText(
            "public static class Other { public static int X() => Y(2); static int Y(int y) => y + 1; }", CompiledProgram.Parsing,
            other.FilePath, System.Text.Encoding.UTF8));
        driver = driver.RunGenerators(edited);

        Reasons(driver, "Calls")
            .ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged);
        Reasons(driver, "Source").ShouldBe([IncrementalStepRunReason.Cached]);
        Outputs(driver).ShouldBe([IncrementalStepRunReason.Cached]);
        Source(driver).ShouldBeSameAs(before);
    }

    [Fact]
    public void Editing_the_file_of_a_call_regenerates()
    {
        CSharpCompilation compilation = CompiledProgram.Compilation("Edited", Agent);
        GeneratorDriver driver = CompiledProgram.Driver(trackSteps: true).RunGenerators(compilation);

        SyntaxTree agent = compilation.SyntaxTrees.Single(tree => tree.FilePath == "File0.cs");
        CSharpCompilation edited = compilation.ReplaceSyntaxTree(
            agent, CSharpSyntaxTree.ParseText("\n" + Agent, CompiledProgram.Parsing, agent.FilePath, System.Text.Encoding.UTF8));
        driver = driver.RunGenerators(edited);

        Reasons(driver, "Calls").ShouldContain(IncrementalStepRunReason.Modified);
        Outputs(driver).ShouldBe([IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void Nothing_is_generated_where_the_namespace_of_the_interceptors_is_not_switched_on()
    {
        CSharpCompilation compilation = CompiledProgram.Compilation("Edited", Agent);
        CSharpParseOptions plain = CompiledProgram.Parsing.WithFeatures([]);

        GeneratorDriver driver = CSharpGeneratorDriver.Create([new ProbeInterceptorGenerator().AsSourceGenerator()], parseOptions: plain)
            .RunGenerators(compilation);

        driver.GetRunResult().GeneratedTrees.ShouldBeEmpty();
    }

    private static GeneratorRunResult Result(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single(result => result.Generator.GetGeneratorType() == typeof(ProbeInterceptorGenerator));

    private static string Source(GeneratorDriver driver) => Result(driver).GeneratedSources.Single().SourceText.ToString();

    private static IncrementalStepRunReason[] Reasons(GeneratorDriver driver, string step) =>
        [.. Result(driver).TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];

    private static IncrementalStepRunReason[] Outputs(GeneratorDriver driver) =>
        [.. Result(driver).TrackedOutputSteps.SelectMany(steps => steps.Value).SelectMany(run => run.Outputs)
            .Select(output => output.Reason)];
}
