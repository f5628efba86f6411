using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PandaProbe.Readme;

/// <summary>
/// Compiles a block as a reader would: a program, a file of types, or members of a class, with the usings that a new project has.
/// </summary>
internal static class CodeCompiler
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest);

    private static readonly string[] Usings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading",
            "System.Threading.Tasks"];

    private static readonly string[] WebUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
            "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting",
        "Microsoft.Extensions.Logging",
    ];

    // What this test process itself runs on: the shared frameworks, the libraries, and everything that they depend on.
    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<ISourceGenerator[]> Generators = new(() =>
        [.. GeneratorFiles().Select(path => new AnalyzerFileReference(path, new Loader()))
            .SelectMany(reference => reference.GetGenerators(LanguageNames.CSharp))]);

    /// <summary>What the compiler has to say against the block; nothing when it compiles.</summary>
    public static IReadOnlyList<string> Compile(CodeBlock block)
    {
        CompilationUnitSyntax prelude = Parse(block.Prelude), code = Parse(block.Code);
        string usings = string.Concat(
            Usings.Concat(block.Code.Contains("WebApplication") || block.Prelude.Contains("WebApplication") ? WebUsings : [])
            .Select(name => $"global using {name};\n"))
            + prelude.Usings.ToFullString() + "\n" + code.Usings.ToFullString() + "\n";
        string before = prelude.WithUsings([]).ToFullString(), body = code.WithUsings([]).ToFullString();

        // A program has its types behind its statements.
        string statements = string.Concat(prelude.Members.OfType<GlobalStatementSyntax>().Select(member => member.ToFullString()));
        string types = string.Concat(
            prelude.Members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()));
        IReadOnlyList<string> asProgram = Errors(
            $"{usings}{statements}\n#line {LineOfBody(block, code)} \"{block.File}\"\n{body}\n#line default\n{types}");
        if (asProgram.Count == 0)
            return [];

        IReadOnlyList<string> asMembers = Errors($"{usings}public partial class Sample\n{{\n{before}\n{body}\n}}\n");
        return asMembers.Count == 0 ? [] : asProgram;
    }

    private static int LineOfBody(CodeBlock block, CompilationUnitSyntax code) =>
        block.Line + (code.Usings.Count == 0 ? 0 : block.Code.AsSpan(0, code.Usings.FullSpan.End).Count('\n'));

    private static CompilationUnitSyntax Parse(string code) => CSharpSyntaxTree.ParseText(code, Parsing).GetCompilationUnitRoot();

    private static IReadOnlyList<string> Errors(string source)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(source, Parsing);
        bool program = tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var compilation = CSharpCompilation.Create("ReadmeSample", [tree], References.Value, new(
            program ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: false));
        CSharpGeneratorDriver.Create(Generators.Value, parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out _);
        return [.. complete.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString())];
    }

    /// <summary>The framework's JSON generator, and whatever generators this repository has.</summary>
    private static IEnumerable<string> GeneratorFiles()
    {
        string packs = typeof(CodeCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "TargetingPacks").Value!;
        string framework = Directory.GetDirectories(Path.Combine(packs, "Microsoft.NETCore.App.Ref"))
            .OrderBy(path => Version.TryParse(Path.GetFileName(path), out Version? version) ? version : new()).Last();
        return Directory.GetFiles(Path.Combine(framework, "analyzers", "dotnet", "cs"), "System.Text.Json.SourceGeneration.dll")
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "PandaProbe.*.Generators.dll"));
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
