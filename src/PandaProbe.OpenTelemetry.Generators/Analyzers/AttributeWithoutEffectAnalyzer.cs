using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds attributes on methods whose calls cannot be replaced, and placeholders without a matching parameter.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AttributeWithoutEffectAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NeverTraced, Rules.UnknownPlaceholder,
        Rules.NotSeen];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.Attribute);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var syntax = (AttributeSyntax)context.Node;
        if ((context.IsGeneratedCode && !SourceFiles.IsRazor(syntax.SyntaxTree))
            || !AttributedNames.MayBeOurs(syntax, context.Compilation, context.CancellationToken)
            || MethodOf(syntax, context) is not { } method
            || ProbeAttribute.On(method) is not { } attribute
            || attribute.Syntax(context.CancellationToken) != syntax)
        {
            return;
        }

        string name = method.MethodKind == MethodKind.AnonymousFunction ? "lambda" : method.Name;
        if (WhyNot(method, syntax.SyntaxTree, context.Compilation, context.CancellationToken) is { } reason)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NeverTraced, syntax.GetLocation(), attribute.ShortName, name, reason));
        }
        else if (NotSeenThrough(method, context.Compilation) is { } declared)
        {
            string type = declared.ContainingType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotSeen, syntax.GetLocation(), attribute.ShortName, name, type));
        }

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
        AnonymousFunctionExpressionSyntax lambda =>
            context.SemanticModel.GetSymbolInfo(lambda, context.CancellationToken).Symbol as IMethodSymbol,
        { } declaration => context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) as IMethodSymbol,
        _ => null,
    };

    private static string? WhyNot(IMethodSymbol method, SyntaxTree tree, Compilation compilation, CancellationToken cancellation)
    {
        if (Interceptors.WhyNot(tree.Options) is { } switchedOff)
            return switchedOff;
        if (SourceFiles.IsRazor(tree))
            return "source generators do not see what a .razor or .cshtml file declares; declare it in a .cs file";
        if (method.MethodKind == MethodKind.Ordinary && FrameworkCalls.CallerOf(method) is { } caller)
        {
            return $"it is called by '{caller}', whose code is compiled already;"
                + " put the attribute on a method that it calls, or open a trace in it with 'using' and Probe.StartTrace";
        }

        if (Interceptability.Of(method, compilation).WhyNot is { } reason)
            return reason;
        if (method is { IsAsync: true, ReturnsVoid: true })
            return "it is 'async void', which is over at its first await; return a Task";
        if (SymbolEqualityComparer.Default.Equals(compilation.GetEntryPoint(cancellation), method))
            return "it is the entry point, which the runtime calls; put the attribute on a method that it calls";
        return null;
    }

    /// <summary>
    /// Returns a method of an interface or a base class whose calls ignore the attribute, because the generator does not know the type
    /// there or cannot name it.
    /// </summary>
    private static IMethodSymbol? NotSeenThrough(IMethodSymbol method, Compilation compilation) =>
        Implementations.CalledInsteadOf(method).FirstOrDefault(declared => ProbeAttribute.On(declared) is null
            && (FrameworkCalls.IsElsewhere(declared, method)
                || !Implementations.CanBeNamed(method.ContainingType, compilation)
                || (compilation.Options.OutputKind == OutputKind.DynamicallyLinkedLibrary && IsPublic(declared.ContainingType)
                && !IsPublic(method.ContainingType))));

    private static bool IsPublic(INamedTypeSymbol type) =>
        type.DeclaredAccessibility == Accessibility.Public && (type.ContainingType is null || IsPublic(type.ContainingType));
}
