using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Generators.Analyzers;

namespace PandaProbe.CodeFixes;

/// <summary>Replaces a method group by a lambda, because the call inside the lambda is traced.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseLambdaFix : CodeFixProvider
{
    private const string Title = "Call it in a lambda";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["PROBE004"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax reference
            || reference is InvocationExpressionSyntax
            || AIFunctions.CreationOf(reference) is not null
            || model?.GetTypeInfo(reference, context.CancellationToken)
            .ConvertedType is not INamedTypeSymbol { DelegateInvokeMethod: { } invoke }
            || invoke.Parameters.Any(parameter => parameter.RefKind != RefKind.None))
        {
            return;
        }

        string[] names = [.. invoke.Parameters.Select((parameter, i) => IsTelling(parameter.Name) ? Escaped(parameter.Name) : $"x{i + 1}")];
        string parameters = names.Length == 1 ? names[0] : $"({string.Join(", ", names)})";
        ExpressionSyntax lambda = SyntaxFactory
            .ParseExpression($"{parameters} => {reference.WithoutTrivia().ToFullString()}({string.Join(", ", names)})")
            .WithTriviaFrom(reference);
        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(reference, lambda))), Title),
            context.Diagnostics);
    }

    private static bool IsTelling(string name) =>
        name.Length > 0 && !name.StartsWith("arg", StringComparison.Ordinal) && name is not ("obj" or "t");

    private static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
