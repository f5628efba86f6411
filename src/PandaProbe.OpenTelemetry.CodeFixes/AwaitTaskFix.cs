using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PandaProbe.CodeFixes;

/// <summary>Makes a method async that returns a task from inside a trace or span, so that the scope ends after the task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class AwaitTaskFix : CodeFixProvider
{
    private const string Title = "Make the method async and await the task";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["PROBE002"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span)
            .FirstAncestorOrSelf<SyntaxNode>(IsFunction) is not MethodDeclarationSyntax { Body: not null } method
            || method.ParameterList.Parameters.Any(parameter => parameter.Modifiers.Any(IsByReference)))
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(method, MakeAsync(method)))),
            Title),
            context.Diagnostics);
    }

    private static bool IsFunction(SyntaxNode node) =>
        node is MethodDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax;

    private static bool IsByReference(SyntaxToken modifier) =>
        modifier.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword or SyntaxKind.InKeyword;

    private static MethodDeclarationSyntax MakeAsync(MethodDeclarationSyntax method)
    {
        bool hasResult = method.ReturnType.DescendantNodesAndSelf().Any(node => node is GenericNameSyntax);
        ReturnStatementSyntax[] returns =
        [
            .. method.Body!.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>(),
        ];
        BlockSyntax body = method.Body.ReplaceNodes(
            returns, (original, _) => Await(original, method.ReturnType, hasResult, ReferenceEquals(original.Parent, method.Body)));
        return method.WithBody(body)
            .WithModifiers(method.Modifiers.Add(SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space)))
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static StatementSyntax Await(ReturnStatementSyntax statement, TypeSyntax task, bool hasResult, bool isLast)
    {
        // In an async method, the same literal returns the default result, so it needs no await.
        if (statement.Expression.IsKind(SyntaxKind.DefaultLiteralExpression))
            return hasResult ? statement : SyntaxFactory.ReturnStatement().WithTriviaFrom(statement);

        ExpressionSyntax awaited = SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space),
            Operand(statement.Expression!.WithoutTrivia(), task));
        if (hasResult)
            return statement.WithExpression(awaited);

        ExpressionStatementSyntax waiting = SyntaxFactory.ExpressionStatement(awaited);
        return isLast
            ? waiting.WithTriviaFrom(statement)
            : SyntaxFactory.Block(waiting, SyntaxFactory.ReturnStatement()).WithTriviaFrom(statement);
    }

    private static ExpressionSyntax Operand(ExpressionSyntax value, TypeSyntax task) => value switch
    {
        ImplicitObjectCreationExpressionSyntax creation => SyntaxFactory.ObjectCreationExpression(
            SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space), task.WithoutTrivia(), creation.ArgumentList,
            creation.Initializer),
        InvocationExpressionSyntax or MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ElementAccessExpressionSyntax
            or SimpleNameSyntax or BaseObjectCreationExpressionSyntax or ParenthesizedExpressionSyntax => value,
        _ => SyntaxFactory.ParenthesizedExpression(value),
    };
}
