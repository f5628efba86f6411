using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace PandaProbe.Tools.Mutations;

/// <summary>Compiles the library in memory, with the arguments that the build gives to the compiler.</summary>
internal sealed class Compiler
{
    private readonly CSharpCommandLineArguments _arguments;
    private readonly CSharpCompilation _compilation;

    private Compiler(CSharpCommandLineArguments arguments, CSharpCompilation compilation, IReadOnlyList<SyntaxTree> written)
    {
        _arguments = arguments;
        _compilation = compilation;
        Written = written;
    }

    /// <summary>What people wrote, in an order that every machine agrees on.</summary>
    public IReadOnlyList<SyntaxTree> Written { get; }

    public static async Task<Compiler> ForAsync(string project, CancellationToken stop)
    {
        // The same properties with which an editor asks for the compiler's arguments.
        string json = await Processes.OutputOfAsync("dotnet", project,
        [
            "msbuild", "-t:PrepareResources;Compile", "-getItem:CscCommandLineArgs", "-p:Configuration=Release",
                "-p:TargetFramework=net10.0",
            "-p:BuildProjectReferences=false", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
            "-p:DesignTimeBuild=true", "-p:NonExistentFile=none",
        ], stop);
        using var items = JsonDocument.Parse(json);
        string[] lines = [.. items.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)];

        CSharpCommandLineArguments arguments = CSharpCommandLineParser.Default.Parse(lines, project, sdkDirectory: null);
        CSharpParseOptions parsing = arguments.ParseOptions.WithDocumentationMode(DocumentationMode.None);
        SyntaxTree[] trees = [.. arguments.SourceFiles
            .Select(file => Path.GetFullPath(file.Path, project))
            .Order(StringComparer.Ordinal)
            .Select(path => Parse(path, parsing))];
        var compilation = CSharpCompilation.Create(
            Path.GetFileName(project), trees,
            arguments.MetadataReferences
                .Select(reference =>
                    MetadataReference.CreateFromFile(Path.GetFullPath(reference.Reference, project), reference.Properties)),
            arguments.CompilationOptions);

        Loader loader = new();
        IEnumerable<ISourceGenerator> generators = arguments.AnalyzerReferences
            .Select(reference => new AnalyzerFileReference(Path.GetFullPath(reference.FilePath, project), loader))
            .SelectMany(reference => reference.GetGenerators(LanguageNames.CSharp));
        CSharpGeneratorDriver.Create(generators, parseOptions: parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation complete, out _, stop);

        string generated = Path.Combine(project, "obj") + Path.DirectorySeparatorChar;
        SyntaxTree[] written = [.. trees.Where(tree => !tree.FilePath.StartsWith(generated, StringComparison.Ordinal))];
        return new(arguments, (CSharpCompilation)complete, written);
    }

    /// <summary>The assembly with one change. Null when it does not compile.</summary>
    public byte[]? Emit(Mutation mutation) =>
        Emit(_compilation.ReplaceSyntaxTree(mutation.Tree, mutation.Apply()), _arguments.EmitOptions, out byte[] assembly) is []
            ? assembly
            : null;

    public byte[] EmitUnchanged() => Checked(Emit(_compilation, _arguments.EmitOptions, out byte[] assembly), assembly);

    /// <summary>The assembly with the compiler's own notes of what was reached.</summary>
    public byte[] EmitMeasured() => Checked(Emit(
        _compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(Reach.Recorder, _arguments.ParseOptions, encoding: Encoding.UTF8)),
        _arguments.EmitOptions.WithInstrumentationKinds([InstrumentationKind.TestCoverage]), out byte[] assembly), assembly);

    private static byte[] Checked(Diagnostic[] errors, byte[] assembly) =>
        errors is []
            ? assembly
            : throw new InvalidOperationException($"The library does not compile:\n{string.Join('\n', errors.Take(10))}");

    private Diagnostic[] Emit(CSharpCompilation compilation, EmitOptions options, out byte[] assembly)
    {
        using MemoryStream image = new();
        using Stream version = compilation.CreateDefaultWin32Resources(versionResource: true, noManifest: true, null, null);
        EmitResult result = compilation.Emit(
            image, win32Resources: version, manifestResources: _arguments.ManifestResources, options: options);
        assembly = image.ToArray();
        return [.. result.Diagnostics.Where(diagnostic => !result.Success && diagnostic.Severity == DiagnosticSeverity.Error)];
    }

    private static SyntaxTree Parse(string path, CSharpParseOptions options)
    {
        using FileStream file = File.OpenRead(path);
        return CSharpSyntaxTree.ParseText(SourceText.From(file), options, path);
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
