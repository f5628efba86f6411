using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Generators.Analyzers;

namespace PandaProbe.CodeFixes;

/// <summary>Replaces a method group by a lambda, because the call inside the lambda is traced.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class UseLambdaFix() : ReplacingFix("Call it in a lambda", "PROBE004")
{
    private protected override Replacement? Find(SyntaxNode root, SemanticModel model, CodeFixContext context)
    {
        if (root.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax reference
            || reference is InvocationExpressionSyntax
            || AIFunctions.CreationOf(reference) is not null
            || model.GetTypeInfo(reference, context.CancellationToken)
            .ConvertedType is not INamedTypeSymbol { DelegateInvokeMethod: { } invoke }
            || invoke.Parameters.Any(parameter => parameter.RefKind != RefKind.None))
        {
            return null;
        }

        string[] names = [.. invoke.Parameters.Select((parameter, i) => IsTelling(parameter.Name) ? Escaped(parameter.Name) : $"x{i + 1}")];
        string parameters = names.Length == 1 ? names[0] : $"({string.Join(", ", names)})";
        ExpressionSyntax lambda = SyntaxFactory
            .ParseExpression($"{parameters} => {reference.WithoutTrivia().ToFullString()}({string.Join(", ", names)})")
            .WithTriviaFrom(reference);
        return new(reference, () => lambda);
    }

    private static bool IsTelling(string name) =>
        name.Length > 0 && !name.StartsWith("arg", StringComparison.Ordinal) && name is not ("obj" or "t");

    private static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
