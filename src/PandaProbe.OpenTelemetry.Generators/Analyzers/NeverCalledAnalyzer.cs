using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds private methods with an attribute and without calls. The usual cause is a call of another method.</summary>
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
            var names = AttributedNames.Of(start.Compilation, start.CancellationToken);
            if (names.IsEmpty)
                return;

            start.RegisterSymbolAction(symbol => Analyze(symbol, names), SymbolKind.Method);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, AttributedNames names)
    {
        // A partial method has two symbols, and calls bind to the definition.
        if (context.Symbol is not IMethodSymbol
            {
                DeclaredAccessibility: Accessibility.Private, MethodKind: MethodKind.Ordinary,
                PartialDefinitionPart: null
            } method
            || !names.MayInclude(method.Name)
            || ProbeAttribute.On(method) is not { } attribute
            || IsUsed(method, context.Compilation, context.CancellationToken)
            || SymbolEqualityComparer.Default.Equals(context.Compilation.GetEntryPoint(context.CancellationToken), method))
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(Rules.NeverCalled, method.Locations.FirstOrDefault(), method.Name, attribute.ShortName));
    }

    // Only its own type can use a private method, in any part, generated parts included (a page's markup). If no other member has its name,
    // the name decides without binding.
    private static bool IsUsed(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        bool isOnly = IsOnlyOneOfItsName(method);
        foreach (SyntaxReference part in method.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (SyntaxNode node in part.GetSyntax(cancellation).DescendantNodes())
            {
                if (node is SimpleNameSyntax name
                    && name.Identifier.ValueText == method.Name
                    && (isOnly ? !IsInNameOf(name) : Means(name, method, compilation, cancellation)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsOnlyOneOfItsName(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type.GetMembers(method.Name).Any(member => !SymbolEqualityComparer.Default.Equals(Declaration(member), method)))
                return false;
        }

        return method.ContainingType.GetTypeMembers().IsEmpty && method.ContainingType.ContainingType is null;
    }

    private static bool IsInNameOf(SimpleNameSyntax name) =>
        name.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent is InvocationExpressionSyntax
        {
            Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" },
        };

#pragma warning disable RS1030 // Another part of the type may be in another file. Used for ambiguous names only.
    private static bool Means(SimpleNameSyntax name, IMethodSymbol method, Compilation compilation, CancellationToken cancellation) =>
        compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name, cancellation).Symbol is { } symbol
        && SymbolEqualityComparer.Default.Equals(Declaration(symbol), method);
#pragma warning restore RS1030

    private static ISymbol Declaration(ISymbol symbol)
    {
        if (symbol is not IMethodSymbol method)
            return symbol;

        IMethodSymbol declared = (method.ReducedFrom ?? method).OriginalDefinition;
        return declared.PartialDefinitionPart ?? declared;
    }
}
