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
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer))).Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static async Task Reports(string id, string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        (string text, List<TextSpan> marked) = Unmark(Usings + source);
        Diagnostic[] found = await Diagnose(text, kind);

        found.Select(diagnostic => $"{diagnostic.Id} {text[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]}")
            .ShouldBe(marked.Select(span => $"{id} {text[span.Start..span.End]}"), ignoreOrder: true, string.Join("\n", found.Select(diagnostic => diagnostic.GetMessage())));
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
            .. (await compilation.WithAnalyzers(Analyzers).GetAllDiagnosticsAsync()).Where(diagnostic => provider.FixableDiagnosticIds.Contains(diagnostic.Id)),
        ];
        List<CodeAction> actions = [];
        await provider.RegisterCodeFixesAsync(new CodeFixContext(document, found.ShouldHaveSingleItem(), (action, _) => actions.Add(action), CancellationToken.None));
        if (actions.Count == 0)
            return "no fix";

        var operation = (ApplyChangesOperation)(await actions.ShouldHaveSingleItem().GetOperationsAsync(CancellationToken.None)).Single();
        Document changed = operation.ChangedSolution.GetDocument(document.Id)!;
        changed = changed.WithText(SourceText.From((await changed.GetTextAsync()).ToString()));
        Compilation result = (await changed.Project.GetCompilationAsync())!;
        result.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty((await changed.GetTextAsync()).ToString());
        (await result.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync()).ShouldBeEmpty();
        return (await changed.GetTextAsync()).ToString()[Usings.Length..];
    }

    public static async Task<Diagnostic[]> Diagnose(string text, OutputKind kind)
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Analyzed",
            [CSharpSyntaxTree.ParseText(text, CompiledProgram.Parsing, "File.cs")],
            CompiledProgram.References,
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
