using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
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
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.Attribute);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        AttributeSyntax syntax = (AttributeSyntax)context.Node;
        if (!AttributedNames.MayBeOurs(syntax, context.Compilation, context.CancellationToken)
            || MethodOf(syntax, context) is not { } method
            || ProbeAttribute.On(method) is not { } attribute
            || attribute.Syntax(context.CancellationToken) != syntax)
        {
            return;
        }

        string name = method.MethodKind == MethodKind.AnonymousFunction ? "lambda" : method.Name;
        if (WhyNot(method, context.Compilation, context.CancellationToken) is { } reason)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NeverTraced, syntax.GetLocation(), attribute.ShortName, name, reason));

        foreach (string text in new[] { attribute.SessionId, attribute.UserId }.OfType<string>())
        {
            foreach ((string part, IParameterSymbol? parameter) in Template.Parse(text, method))
            {
                if (parameter is null && part.StartsWith("{", StringComparison.Ordinal))
                    context.ReportDiagnostic(Diagnostic.Create(Rules.UnknownPlaceholder, syntax.GetLocation(), part, name));
            }
        }
    }

    private static IMethodSymbol? MethodOf(AttributeSyntax attribute, SyntaxNodeAnalysisContext context) => attribute.Parent?.Parent switch
    {
        AnonymousFunctionExpressionSyntax lambda => context.SemanticModel.GetSymbolInfo(lambda, context.CancellationToken).Symbol as IMethodSymbol,
        { } declaration => context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) as IMethodSymbol,
        _ => null,
    };

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
