using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
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
        // Generated code calls too: a page's markup, say.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            AttributedNames names = AttributedNames.Of(start.Compilation, start.CancellationToken);
            if (names.IsEmpty)
                return;

            ConcurrentDictionary<IMethodSymbol, byte> declared = new(SymbolEqualityComparer.Default);
            ConcurrentDictionary<IMethodSymbol, byte> used = new(SymbolEqualityComparer.Default);

            start.RegisterSymbolAction(
                symbol =>
                {
                    if (symbol.Symbol is IMethodSymbol { DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary } method
                        && names.MayInclude(method.Name)
                        && ProbeAttribute.On(method) is not null)
                    {
                        declared.TryAdd(method, 0);
                    }
                },
                SymbolKind.Method);
            start.RegisterSyntaxNodeAction(
                node =>
                {
                    if (names.MayInclude(((SimpleNameSyntax)node.Node).Identifier.ValueText)
                        && !node.Node.IsPartOfStructuredTrivia()
                        && node.SemanticModel.GetSymbolInfo(node.Node, node.CancellationToken).Symbol is IMethodSymbol method)
                    {
                        used.TryAdd(Declaration(method), 0);
                    }
                },
                SyntaxKind.IdentifierName, SyntaxKind.GenericName);
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
