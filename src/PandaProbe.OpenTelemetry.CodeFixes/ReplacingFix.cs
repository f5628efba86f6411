using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PandaProbe.CodeFixes;

/// <summary>Replaces one node of the document that a diagnostic is about.</summary>
public abstract class ReplacingFix : CodeFixProvider
{
    private readonly string _title;

    private protected ReplacingFix(string title, params string[] diagnostics)
    {
        _title = title;
        FixableDiagnosticIds = [.. diagnostics];
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Document document = context.Document;
        SyntaxNode? root = await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null || Find(root, model, context) is not { } found)
            return;

        context.RegisterCodeFix(
            CodeAction.Create(_title, _ => Task.FromResult(document.WithSyntaxRoot(root.ReplaceNode(found.Old, found.New()))), _title),
            context.Diagnostics);
    }

    /// <summary>Finds what to replace; <see langword="null"/> when this fix does not apply.</summary>
    private protected abstract Replacement? Find(SyntaxNode root, SemanticModel model, CodeFixContext context);

    /// <summary>Names a node and makes its replacement when the user asks for it.</summary>
    private protected sealed class Replacement(SyntaxNode old, Func<SyntaxNode> make)
    {
        public SyntaxNode Old => old;

        public SyntaxNode New() => make();
    }
}
