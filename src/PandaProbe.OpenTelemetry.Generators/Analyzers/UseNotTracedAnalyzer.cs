using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using PandaProbe.Generators.Reading;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds uses of traced methods that the generator cannot replace: delegates, expression trees, <c>base</c>, Razor.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UseNotTracedAnalyzer : DiagnosticAnalyzer
{
    private const string InRazor =
        "source generators do not see the code of .razor and .cshtml files; call it from a method in a .cs file, and use that one here";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UseNotTraced];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            // Without attributes in the compilation, nothing is analyzed. With some, only names of attributed methods are bound.
            var names = AttributedNames.Of(start.Compilation, start.CancellationToken);
            if (names.IsEmpty)
                return;

            start.RegisterSyntaxNodeAction(node => AnalyzeCall(node, names), SyntaxKind.InvocationExpression);
            start.RegisterSyntaxNodeAction(node => AnalyzeReference(node, names), SyntaxKind.IdentifierName, SyntaxKind.GenericName);
        });
    }

    private static void AnalyzeCall(SyntaxNodeAnalysisContext context, AttributedNames names)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        bool inRazor = SourceFiles.IsRazor(call.SyntaxTree);
        if ((context.IsGeneratedCode && !inRazor)
            || CallSiteReader.NameOf(call) is not { } name
            || !names.MayInclude(name.Identifier.ValueText))
        {
            return;
        }

        if (call.ArgumentList.Arguments.Count > 0
            && SourceFiles.MayHaveDynamic(call.SyntaxTree)
            && context.SemanticModel.GetSymbolInfo(call, context.CancellationToken) is { CandidateReason: CandidateReason.LateBound } late
            && late.CandidateSymbols.Add(late.Symbol!).OfType<IMethodSymbol>()
            .FirstOrDefault(candidate => ProbeAttribute.Of(candidate) is not null) is { } bound)
        {
            Report(context, call, bound, "an argument is 'dynamic', so the method is chosen at run time; cast the argument to its type");
            return;
        }

        if (!(inRazor
                || names.MayComeFromElsewhere(name.Identifier.ValueText)
                || CallSiteReader.MayNotBeReplaceable(call)
                || SourceFiles.HasTwin(call.SyntaxTree, context.Compilation))
            || CallSiteReader.TargetOf(call, context.SemanticModel, context.CancellationToken, out _) is not { } method
            || !IsTraced(method, context))
        {
            return;
        }

        string? reason = inRazor ? InRazor : CallSiteReader.WhyNot(call, method, context.SemanticModel, context.CancellationToken);
        if (reason is null && !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, context.Compilation.Assembly))
            reason = Interceptability.Of(method, context.Compilation).WhyNot;
        if (reason is not null && !(inRazor && IsDeclaredInRazor(method)))
            Report(context, call, method, reason);
    }

    private static void AnalyzeReference(SyntaxNodeAnalysisContext context, AttributedNames names)
    {
        var name = (SimpleNameSyntax)context.Node;
        bool inRazor = SourceFiles.IsRazor(name.SyntaxTree);
        if ((context.IsGeneratedCode && !inRazor) || !names.MayInclude(name.Identifier.ValueText) || name.IsPartOfStructuredTrivia())
            return;

        SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        if ((expression.Parent is InvocationExpressionSyntax call && call.Expression == expression)
            || context.SemanticModel.GetOperation(expression, context.CancellationToken) is not IMethodReferenceOperation reference
            || reference.Parent is INameOfOperation
            || !IsTraced(reference.Method.OriginalDefinition, context)
            || (inRazor && IsDeclaredInRazor(reference.Method)))
        {
            return;
        }

        string reason = inRazor ? InRazor : "it is called through a delegate; call it in a lambda instead";
        if (!inRazor && AIFunctions.CreationOf(expression) is { } creation)
        {
            if (AIFunctions.IsTraced(creation))
                return;
            reason =
                "it is called through a delegate; trace the function instead: AIFunctionFactory.Create(…).WithPandaProbe(), of the package PandaProbe.OpenTelemetry.AI";
        }

        Report(context, reference.Syntax, reference.Method, reason);
    }

    private static bool IsTraced(IMethodSymbol method, SyntaxNodeAnalysisContext context) =>
        ProbeAttribute.Of(method) is not null || !Implementations.Of(method, context.Compilation, context.CancellationToken).IsEmpty;

    // The attribute itself is reported already.
    private static bool IsDeclaredInRazor(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.Any(reference => SourceFiles.IsRazor(reference.SyntaxTree));

    private static void Report(SyntaxNodeAnalysisContext context, SyntaxNode use, IMethodSymbol method, string reason) =>
        context.ReportDiagnostic(Diagnostic.Create(Rules.UseNotTraced, use.GetLocation(), method.Name, reason));
}
