using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PandaProbe.CodeFixes;

/// <summary>Adds <c>using</c> to a trace or span that is never disposed.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DisposeScopeFix() : ReplacingFix("Dispose it with 'using'", "PROBE001")
{
    private protected override Replacement? Find(SyntaxNode root, SemanticModel model, CodeFixContext context)
    {
        if (root.FindNode(context.Span, getInnermostNodeForTie: true)
            .FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax or GlobalStatementSyntax } statement)
        {
            return null;
        }

        StatementSyntax? changed = statement switch
        {
            LocalDeclarationStatementSyntax local => local.WithoutLeadingTrivia()
                .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space)),
            ExpressionStatementSyntax { Expression: InvocationExpressionSyntax opening } => Using(opening, root),
            ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Right: InvocationExpressionSyntax opening } } =>
                Using(opening, root),
            _ => null,
        };
        if (changed is null || !Covers(statement, context.Span.Start, context.Span.End))
            return null;

        changed = changed.WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation);
        return new(statement, () => changed);
    }

    // If the opening is only the receiver of another call, the intended scope of the using is unknown.
    private static bool Covers(StatementSyntax statement, int start, int end) => statement switch
    {
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } =>
            assignment.Right.Span.Start == start && assignment.Right.Span.End == end,
        ExpressionStatementSyntax { Expression: var expression } => expression.Span.Start == start && expression.Span.End == end,
        _ => true,
    };

    private static LocalDeclarationStatementSyntax Using(InvocationExpressionSyntax opening, SyntaxNode root)
    {
        string method = opening.Expression is MemberAccessExpressionSyntax access ? access.Name.Identifier.ValueText : "";
        string kind = method.Contains("Trace") ? "trace" : method.Contains("Span") ? "span" : "scope";
        string name = kind;
        SyntaxNode member = opening.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not GlobalStatementSyntax) ?? root;
        for (int i = 2; member.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name); i++)
            name = $"{kind}{i}";
        return (LocalDeclarationStatementSyntax)SyntaxFactory.ParseStatement(
            $"using var {name} = {opening.WithoutTrivia().ToFullString()};");
    }
}
