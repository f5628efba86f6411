using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PandaProbe.CodeFixes;

/// <summary>Replaces <c>await using</c> of a trace or span, which does not compile, by <c>using</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RemoveAwaitFix() : ReplacingFix("Use 'using' without 'await'", "CS8417", "CS8418")
{
    private protected override Replacement? Find(SyntaxNode root, SemanticModel model, CodeFixContext context)
    {
        if (root.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<StatementSyntax>() is not { } statement)
            return null;

        StatementSyntax? changed = statement switch
        {
            LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: not 0 } local => local.WithAwaitKeyword(default),
            UsingStatementSyntax { AwaitKeyword.RawKind: not 0 } block => block.WithAwaitKeyword(default),
            _ => null,
        };
        if (changed is null)
            return null;

        changed = changed.WithTriviaFrom(statement);
        return new(statement, () => changed);
    }
}
