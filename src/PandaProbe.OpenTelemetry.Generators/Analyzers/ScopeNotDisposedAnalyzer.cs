using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>
/// Finds traces and spans that are never disposed. A returned, stored or passed scope is not reported, because other code disposes it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScopeNotDisposedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ScopeNotDisposed];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.InvocationExpression);
    }

    // The name is compared first, because binding a call costs far more.
    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        if (CallSiteReader.NameOf((InvocationExpressionSyntax)context.Node) is not { } name
            || !Scopes.MayOpen(name.Identifier.ValueText)
            || context.SemanticModel.GetOperation(context.Node, context.CancellationToken) is not IInvocationOperation opening
            || !Scopes.IsOpenedBy(opening.TargetMethod)
            || !IsForgotten(opening, context.CancellationToken))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Rules.ScopeNotDisposed, opening.Syntax.GetLocation(), Scopes.NameOf(opening.Type), opening.TargetMethod.Name));
    }

    private static bool IsForgotten(IInvocationOperation opening, CancellationToken cancellation) => opening.Parent switch
    {
        IExpressionStatementOperation => true,
        ISimpleAssignmentOperation { Target: IDiscardOperation } => true,
        IInvocationOperation chained =>
            ReferenceEquals(chained.Instance, opening) && chained.TargetMethod.Name != "Dispose"
                && !Scopes.IsOpenedBy(chained.TargetMethod),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } =>
            !IsUsing(declarator) && IsForgotten(declarator, cancellation),
        _ => false,
    };

    private static bool IsUsing(IVariableDeclaratorOperation declarator)
    {
        for (IOperation? operation = declarator.Parent; operation is not null and not IBlockOperation; operation = operation.Parent)
        {
            if (operation is IUsingDeclarationOperation or IUsingOperation)
                return true;
        }

        return false;
    }

    // A scope is forgotten if its variable is used for member access only, and never for Dispose.
    private static bool IsForgotten(IVariableDeclaratorOperation declarator, CancellationToken cancellation)
    {
        SyntaxNode? scope = declarator.Syntax.FirstAncestorOrSelf<SyntaxNode>(
            node => node is BlockSyntax or CompilationUnitSyntax or SwitchSectionSyntax);
        if (scope is null || declarator.SemanticModel is not { } model)
            return false;

        foreach (SyntaxNode node in scope.DescendantNodes())
        {
            if (node is not IdentifierNameSyntax identifier
                || identifier.Identifier.ValueText != declarator.Symbol.Name
                || !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(identifier, cancellation).Symbol, declarator.Symbol))
            {
                continue;
            }

            if (identifier.Parent is not MemberAccessExpressionSyntax access || access.Expression != identifier
                || access.Name.Identifier.ValueText == "Dispose")
            {
                return false;
            }
        }

        return true;
    }
}
