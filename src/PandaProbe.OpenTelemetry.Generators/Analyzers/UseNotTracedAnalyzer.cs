using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds uses of traced methods that the generator cannot replace: delegates, expression trees, <c>base</c> calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UseNotTracedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UseNotTraced];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeReference, OperationKind.MethodReference);
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        IInvocationOperation call = (IInvocationOperation)context.Operation;
        if (ProbeAttribute.Of(call.TargetMethod) is null || call.Syntax is not InvocationExpressionSyntax syntax || call.SemanticModel is not { } model)
            return;

        IMethodSymbol method = call.TargetMethod.OriginalDefinition;
        string? reason = CallSiteReader.WhyNot(syntax, method, model, context.CancellationToken);
        if (reason is null && !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, context.Compilation.Assembly))
            reason = Interceptability.Of(method, context.Compilation).WhyNot;
        if (reason is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.UseNotTraced, syntax.GetLocation(), method.Name, reason));
    }

    private static void AnalyzeReference(OperationAnalysisContext context)
    {
        IMethodReferenceOperation reference = (IMethodReferenceOperation)context.Operation;
        if (reference.Parent is INameOfOperation || ProbeAttribute.Of(reference.Method) is null)
            return;

        context.ReportDiagnostic(Diagnostic.Create(
            Rules.UseNotTraced, reference.Syntax.GetLocation(), reference.Method.Name, "it is called through a delegate; call it in a lambda instead"));
    }
}
