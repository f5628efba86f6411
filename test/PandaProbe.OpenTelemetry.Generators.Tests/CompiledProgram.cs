using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;

namespace PandaProbe.Generators;

/// <summary>
/// A small program, compiled as a project would be: with the generator, or without it, which is the same program without attributes.
/// </summary>
internal static class CompiledProgram
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using PandaProbe;

        """;

    private static readonly string ReferencePath = Metadata("ReferenceAssemblies");

    public static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.Preview)
        .WithFeatures([new("InterceptorsNamespaces", "PandaProbe.Generated")]);

    public static readonly ImmutableArray<MetadataReference> References =
    [
        .. Directory.EnumerateFiles(Path.Combine(ReferencePath, "ref", "net10.0"), "*.dll")
        .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Probe).Assembly.Location),
    ];

    /// <summary>What a web application has besides.</summary>
    public static readonly Lazy<MetadataReference[]> WebReferences = new(() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Metadata("WebReferenceAssemblies"), "ref", "net10.0"), "*.dll")
        .Select(path => MetadataReference.CreateFromFile(path)),
    ]);

    private static readonly Lazy<IEnumerable<ISourceGenerator>> FrameworkGenerators = new(() =>
        new AnalyzerFileReference(
            Path.Combine(ReferencePath, "analyzers", "dotnet", "cs", "System.Text.Json.SourceGeneration.dll"), new Loader())
            .GetGenerators(LanguageNames.CSharp));

    public static CSharpCompilation Compilation(string name, params string[] sources) => Compilation(name, sources, []);

    public static CSharpCompilation Compilation(string name, string[] sources, MetadataReference[] references) => CSharpCompilation.Create(
        name,
        [
            CSharpSyntaxTree.ParseText(Usings, Parsing, "Usings.cs", System.Text.Encoding.UTF8),
            .. sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, Parsing, $"File{i}.cs", System.Text.Encoding.UTF8)),
        ],
        [.. References, .. references],
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Debug,
            nullableContextOptions: NullableContextOptions.Enable,
            allowUnsafe: true, generalDiagnosticOption: ReportDiagnostic.Default));

    public static GeneratorDriver Driver(bool trackSteps = false) => CSharpGeneratorDriver.Create(
        [.. FrameworkGenerators.Value, new ProbeInterceptorGenerator().AsSourceGenerator()],
        parseOptions: Parsing,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackSteps));

    /// <summary>The framework's generators only: the attributes of this library mean nothing then.</summary>
    public static GeneratorDriver TwinDriver() => CSharpGeneratorDriver.Create(FrameworkGenerators.Value, parseOptions: Parsing);

    public static Compilation Generate(CSharpCompilation compilation)
    {
        Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out ImmutableArray<Diagnostic> diagnostics);
        diagnostics.ShouldBeEmpty();
        return generated;
    }

    public static string? GeneratedSource(Compilation generated) =>
        generated.SyntaxTrees.SingleOrDefault(
            tree => tree.FilePath.EndsWith("PandaProbe.Interceptors.g.cs", StringComparison.Ordinal))?.ToString();

    public static Assembly Load(Compilation compilation)
    {
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        Diagnostic[] complaints = [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];
        if (complaints.Length > 0)
            throw new ShouldAssertException(string.Join("\n", complaints.Select(complaint => complaint.ToString())));

        image.Position = 0;
        return new AssemblyLoadContext(compilation.AssemblyName, isCollectible: true).LoadFromStream(image);
    }

    private static string Metadata(string key) =>
        typeof(CompiledProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    internal sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
