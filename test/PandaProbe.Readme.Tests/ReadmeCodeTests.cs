namespace PandaProbe.Readme;

public sealed class ReadmeCodeTests
{
    // The architecture and tables of names.
    private static readonly string[] WithoutCode = ["src/README.md", "src/PandaProbe.OpenTelemetry/Conventions/README.md"];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            TheoryData<string, int> blocks = [];
            foreach (CodeBlock block in MarkdownFiles.All.SelectMany(Read))
                blocks.Add(block.File, block.Line);
            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void The_code_in_a_markdown_file_compiles(string file, int line)
    {
        CodeBlock block = Read(file).Single(block => block.Line == line);

        CodeCompiler.Compile(block).ShouldBeEmpty($"{block} does not compile");
    }

    [Fact]
    public void Every_readme_of_a_package_and_every_guide_shows_code()
    {
        foreach (string project in Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(IsPackage))
        {
            File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "README.md"))
                .ShouldBeTrue($"{project} is a package and has no README");
        }

        foreach (string file in MarkdownFiles.All.Where(
            file => file == "README.md"
            || (file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith("/README.md", StringComparison.Ordinal)))
            .Except(WithoutCode))
        {
            Read(file).ShouldNotBeEmpty(file);
        }

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
    [InlineData("var builder = WebApplication.CreateBuilder(args);\nbuilder.Services.AddPandaProbe();", "")]
    public void A_program_types_and_members_are_understood(string code, string prelude) =>
        CodeCompiler.Compile(new("test", 1, prelude, code)).ShouldBeEmpty();

    [Fact]
    public void Blocks_are_found_with_their_preludes_and_lines()
    {
        const string Markdown =
            "# Title\n\n<!-- prelude: int a = 1; -->\n```csharp\nint b = a;\n```\n\n```sh\nls\n```\n\n   ```cs\n   int c;\n   ```\n";

        CodeBlock.In("file", Markdown).ShouldBe([new("file", 5, " int a = 1; ", "int b = a;\n"), new("file", 13, "", "   int c;\n")]);
    }

    private static IReadOnlyList<CodeBlock> Read(string file) => CodeBlock.In(file, MarkdownFiles.Read(file));
}
