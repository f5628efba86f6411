using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PandaProbe.CodeFixes;

/// <summary>Replaces <c>await using</c> of a trace or span, which does not compile, by <c>using</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveAwaitFix : CodeFixProvider
{
    private const string Title = "Use 'using' without 'await'";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["CS8417", "CS8418"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<StatementSyntax>() is not { } statement)
            return;

        StatementSyntax? changed = statement switch
        {
            LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: not 0 } local => local.WithAwaitKeyword(default),
            UsingStatementSyntax { AwaitKeyword.RawKind: not 0 } block => block.WithAwaitKeyword(default),
            _ => null,
        };
        if (changed is null)
            return;

        changed = changed.WithTriviaFrom(statement);
        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement, changed))), Title),
            context.Diagnostics);
    }
}
