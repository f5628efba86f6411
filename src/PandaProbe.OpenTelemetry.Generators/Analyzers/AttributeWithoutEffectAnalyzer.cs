using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds attributes on methods whose calls cannot be replaced, and placeholders in them that mean nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AttributeWithoutEffectAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NeverTraced, Rules.UnknownPlaceholder];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(
            symbol => Analyze((IMethodSymbol)symbol.Symbol, symbol.Compilation, symbol.ReportDiagnostic, symbol.CancellationToken), SymbolKind.Method);
        context.RegisterOperationAction(
            operation => Analyze(
                operation.Operation is ILocalFunctionOperation local ? local.Symbol : ((IAnonymousFunctionOperation)operation.Operation).Symbol,
                operation.Compilation, operation.ReportDiagnostic, operation.CancellationToken),
            OperationKind.LocalFunction, OperationKind.AnonymousFunction);
    }

    private static void Analyze(IMethodSymbol method, Compilation compilation, Action<Diagnostic> report, CancellationToken cancellation)
    {
        if (ProbeAttribute.On(method) is not { } attribute)
            return;

        Location? location = attribute.Location(cancellation) ?? method.Locations.FirstOrDefault();
        string name = method.MethodKind == MethodKind.AnonymousFunction ? "lambda" : method.Name;
        if (WhyNot(method, compilation, cancellation) is { } reason)
            report(Diagnostic.Create(Rules.NeverTraced, location, attribute.ShortName, name, reason));

        foreach (string text in new[] { attribute.SessionId, attribute.UserId }.OfType<string>())
        {
            foreach ((string part, IParameterSymbol? parameter) in Template.Parse(text, method))
            {
                if (parameter is null && part.StartsWith("{", StringComparison.Ordinal))
                    report(Diagnostic.Create(Rules.UnknownPlaceholder, location, part, name));
            }
        }
    }

    private static string? WhyNot(IMethodSymbol method, Compilation compilation, CancellationToken cancellation)
    {
        if (Interceptability.Of(method, compilation).WhyNot is { } reason)
            return reason;
        if (method is { IsAsync: true, ReturnsVoid: true })
            return "it is 'async void', which is over at its first await; return a Task";
        if (SymbolEqualityComparer.Default.Equals(compilation.GetEntryPoint(cancellation), method))
            return "it is the entry point, which the runtime calls; trace what it calls";
        if (ForeignCaller(method) is { } caller)
            return $"it is called by '{caller}', whose code is compiled already; trace what it calls";
        return null;
    }

    // Who declares a member calls it: a hosted service, a controller, a comparer.
    private static string? ForeignCaller(IMethodSymbol method)
    {
        for (IMethodSymbol? declared = method.OverriddenMethod; declared is not null; declared = declared.OverriddenMethod)
        {
            if (IsForeign(declared, method))
                return declared.ContainingAssembly.Name;
        }

        foreach (INamedTypeSymbol type in method.ContainingType.AllInterfaces)
        {
            foreach (IMethodSymbol member in type.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                if (IsForeign(member, method)
                    && SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                {
                    return member.ContainingAssembly.Name;
                }
            }
        }

        return null;
    }

    private static bool IsForeign(IMethodSymbol declared, IMethodSymbol method) =>
        !SymbolEqualityComparer.Default.Equals(declared.ContainingAssembly, method.ContainingAssembly)
        && !declared.ContainingAssembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == "PandaProbe.OpenTelemetry"));
}
