using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Generators.Analyzers;

namespace PandaProbe.CodeFixes;

/// <summary>
/// Adds tracing to a function created by <c>AIFunctionFactory.Create</c>. A lambda would lose the tool's name and description.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TraceFunctionFix() : ReplacingFix("Trace the function with 'WithPandaProbe()'", "PROBE004")
{
    private const string Extensions = "Microsoft.Extensions.AI.PandaProbeAIExtensions";

    private protected override Replacement? Find(SyntaxNode root, SemanticModel model, CodeFixContext context)
    {
        if (root.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax reference
            || AIFunctions.CreationOf(reference) is not { } creation
            || model.Compilation.GetTypeByMetadataName(Extensions) is null)
        {
            return null;
        }

        ExpressionSyntax traced = SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, creation.WithoutTrivia(), SyntaxFactory.IdentifierName("WithPandaProbe")))
            .WithTriviaFrom(creation);
        return new(creation, () => traced);
    }
}
