using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds private methods with an attribute that nothing calls: most often a call went to another method.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NeverCalledAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NeverCalled];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            ConcurrentDictionary<IMethodSymbol, byte> declared = new(SymbolEqualityComparer.Default);
            ConcurrentDictionary<IMethodSymbol, byte> used = new(SymbolEqualityComparer.Default);

            start.RegisterSymbolAction(
                symbol =>
                {
                    if (symbol.Symbol is IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary } method
                        && ProbeAttribute.On(method) is not null)
                    {
                        declared.TryAdd(method, 0);
                    }
                },
                SymbolKind.Method);
            start.RegisterOperationAction(
                operation => used.TryAdd(Declaration(((IInvocationOperation)operation.Operation).TargetMethod), 0), OperationKind.Invocation);
            start.RegisterOperationAction(
                operation => used.TryAdd(Declaration(((IMethodReferenceOperation)operation.Operation).Method), 0), OperationKind.MethodReference);
            start.RegisterCompilationEndAction(end =>
            {
                foreach (IMethodSymbol method in declared.Keys)
                {
                    if (used.ContainsKey(method) || SymbolEqualityComparer.Default.Equals(end.Compilation.GetEntryPoint(end.CancellationToken), method))
                        continue;

                    ProbeAttribute attribute = ProbeAttribute.On(method)!;
                    end.ReportDiagnostic(Diagnostic.Create(Rules.NeverCalled, method.Locations.FirstOrDefault(), method.Name, attribute.ShortName));
                }
            });
        });
    }

    private static IMethodSymbol Declaration(IMethodSymbol method)
    {
        IMethodSymbol declared = (method.ReducedFrom ?? method).OriginalDefinition;
        return declared.PartialDefinitionPart ?? declared;
    }
}
