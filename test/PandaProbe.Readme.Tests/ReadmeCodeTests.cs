using System.Reflection;

namespace PandaProbe.Readme;

public sealed class ReadmeCodeTests
{
    private static readonly string Root = typeof(ReadmeCodeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    private static string[] Files =>
        [Path.Combine(Root, "README.md"), .. Directory.GetDirectories(Path.Combine(Root, "src")).SelectMany(Readmes)];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            TheoryData<string, int> blocks = [];
            foreach (CodeBlock block in Files.SelectMany(Read))
                blocks.Add(block.File, block.Line);
            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_code_in_a_readme_compiles(string file, int line)
    {
        CodeBlock block = Read(Path.Combine(Root, file)).Single(block => block.Line == line);

        CodeCompiler.Compile(block).ShouldBeEmpty($"{block} does not compile");
    }

    [Fact]
    public void Every_readme_shows_code()
    {
        foreach (string project in Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Where(IsPackage))
            File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "README.md")).ShouldBeTrue($"{project} is a package and has no README");
        foreach (string file in Files)
            Read(file).ShouldNotBeEmpty(file);

        static bool IsPackage(string project) => !File.ReadAllText(project).Contains("<IsPackable>false");
    }

    [Theory]
    [InlineData("Probe.StartTrace(question);", "", "question")]
    [InlineData("using PandaProbe;\nProbe.StartTrase(\"x\");", "", "StartTrase")]
    [InlineData("Probe.StartTrace(\"x\");", "", "Probe")]
    [InlineData("using PandaProbe;\nProbe.StartTrace(\"x\")", "", "; expected")]
    [InlineData("using PandaProbe;\npublic class A { public int B() => Probe.StartTrace(\"x\"); }", "", "TraceScope")]
    [InlineData("using PandaProbe;\nusing var trace = Probe.StartTrace(question);", "int question = 1;", "int")]
    public void A_broken_block_is_found(string code, string prelude, string complaint) =>
        CodeCompiler.Compile(new("test", 1, prelude, code)).ShouldContain(error => error.Contains(complaint));

    [Theory]
    [InlineData("using PandaProbe;\nusing var trace = Probe.StartTrace(question);\nawait Task.Yield();", "string question = \"\";")]
    [InlineData("using PandaProbe;\npublic class A { public void B() => Probe.StartTrace(\"x\").Dispose(); }", "")]
    [InlineData("public async Task<int> B() { await Task.Yield(); return _field; }", "private int _field;")]
    [InlineData("var builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddPandaProbe();", "using PandaProbe;")]
    public void A_program_types_and_members_are_understood(string code, string prelude) =>
        CodeCompiler.Compile(new("test", 1, prelude, code)).ShouldBeEmpty();

    [Fact]
    public void Blocks_are_found_with_their_preludes_and_lines()
    {
        const string Markdown = "# Title\n\n<!-- prelude: int a = 1; -->\n```csharp\nint b = a;\n```\n\n```sh\nls\n```\n\n   ```cs\n   int c;\n   ```\n";

        CodeBlock.In("file", Markdown).ShouldBe([new("file", 5, " int a = 1; ", "int b = a;\n"), new("file", 13, "", "   int c;\n")]);
    }

    // A guide is beside what it describes, on any level.
    private static IEnumerable<string> Readmes(string project) => Directory.GetFiles(project, "README.md", SearchOption.AllDirectories)
        .Where(file => Path.GetRelativePath(project, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    private static IReadOnlyList<CodeBlock> Read(string file) => CodeBlock.In(Path.GetRelativePath(Root, file), File.ReadAllText(file));
}
