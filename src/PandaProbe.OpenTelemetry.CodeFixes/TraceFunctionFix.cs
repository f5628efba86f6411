using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Generators.Analyzers;

namespace PandaProbe.CodeFixes;

/// <summary>
/// Adds tracing to a function created by <c>AIFunctionFactory.Create</c>. A lambda would lose the tool's name and description.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TraceFunctionFix : CodeFixProvider
{
    private const string Title = "Trace the function with 'WithPandaProbe()'";
    private const string Extensions = "Microsoft.Extensions.AI.PandaProbeAIExtensions";

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
            || AIFunctions.CreationOf(reference) is not { } creation
            || model?.Compilation.GetTypeByMetadataName(Extensions) is null)
        {
            return;
        }

        ExpressionSyntax traced = SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, creation.WithoutTrivia(), SyntaxFactory.IdentifierName("WithPandaProbe")))
            .WithTriviaFrom(creation);
        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(creation, traced))), Title),
            context.Diagnostics);
    }
}
