using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Source in which <c>[|…|]</c> marks what an analyzer should report.</summary>
internal static partial class Analyzed
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;
        using PandaProbe;

        """;

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(ProbeInterceptorGenerator).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static async Task Reports(
        string id, string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary, CSharpParseOptions? parsing = null,
        params MetadataReference[] references)
    {
        (string text, List<TextSpan> marked) = Unmark(Usings + source);
        Diagnostic[] found = await Diagnose(kind, parsing ?? CompiledProgram.Parsing, references, ("File.cs", text));

        found.Select(diagnostic => $"{diagnostic.Id} {text[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]}")
            .ShouldBe(marked.Select(span => $"{id} {text[span.Start..span.End]}"), ignoreOrder: true,
            string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage())));
    }

    public static async Task<string> Fixed(CodeFixProvider provider, string source)
    {
        (string text, _) = Unmark(Usings + source);
        using AdhocWorkspace workspace = new();
        Document document = workspace.CurrentSolution
            .AddProject(ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Default, "Fixed", "Fixed", LanguageNames.CSharp))
            .Projects.Single()
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .WithParseOptions(CompiledProgram.Parsing)
            .AddMetadataReferences(CompiledProgram.References)
            .AddDocument("File.cs", text);

        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic[] found =
        [
            .. (await compilation.WithAnalyzers(Analyzers).GetAllDiagnosticsAsync())
            .Where(diagnostic => provider.FixableDiagnosticIds.Contains(diagnostic.Id)),
        ];
        List<CodeAction> actions = [];
        await provider.RegisterCodeFixesAsync(
            new CodeFixContext(document, found.ShouldHaveSingleItem(), (action, _) => actions.Add(action), CancellationToken.None));
        if (actions.Count == 0)
            return "no fix";

        var operation = (ApplyChangesOperation)(await actions.ShouldHaveSingleItem().GetOperationsAsync(CancellationToken.None)).Single();
        Document changed = operation.ChangedSolution.GetDocument(document.Id)!;
        changed = changed.WithText(SourceText.From((await changed.GetTextAsync()).ToString()));
        Compilation result = (await changed.Project.GetCompilationAsync())!;
        result.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .ShouldBeEmpty((await changed.GetTextAsync()).ToString());
        (await result.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync()).ShouldBeEmpty();
        return (await changed.GetTextAsync()).ToString()[Usings.Length..];
    }

    /// <summary>What is reported in several files, as <c>File.cs: PROBE004 the text it is about: why</c>.</summary>
    public static async Task<string[]> Reported(params (string Path, string Text)[] files) =>
    [
        .. (await Diagnose(OutputKind.DynamicallyLinkedLibrary, CompiledProgram.Parsing, [],
        [.. files.Select(file => (file.Path, file.Text.Insert(file.Text.IndexOf('\n') + 1, Usings)))]))
            .Select(diagnostic => $"{diagnostic.Location.SourceTree!.FilePath}: {diagnostic.Id} "
                + $"{diagnostic.Location.SourceTree.ToString()[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]}: {diagnostic.GetMessage()}")
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<Diagnostic[]> Diagnose(
        OutputKind kind, CSharpParseOptions parsing, MetadataReference[] references, params (string Path, string Text)[] files)
    {
        var compilation = CSharpCompilation.Create(
            "Analyzed",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, parsing, file.Path, System.Text.Encoding.UTF8)),
            [.. CompiledProgram.References, .. references],
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        return [.. await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync()];
    }

    private static (string Text, List<TextSpan> Marked) Unmark(string source)
    {
        List<TextSpan> marked = [];
        int removed = 0;
        string text = Mark().Replace(source, match =>
        {
            marked.Add(new(match.Index - removed, match.Length - 4));
            removed += 4;
            return match.Value[2..^2];
        });
        return (text, marked);
    }

    [GeneratedRegex(@"\[\|.*?\|\]", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
