using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
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
        context.RegisterCompilationStartAction(static start =>
        {
            // Where nobody uses the attributes, this costs nothing; where somebody does, it asks only about what has the name of such a method.
            AttributedNames names = AttributedNames.Of(start.Compilation, start.CancellationToken);
            if (names.IsEmpty)
                return;

            start.RegisterSyntaxNodeAction(node => AnalyzeCall(node, names), SyntaxKind.InvocationExpression);
            start.RegisterSyntaxNodeAction(node => AnalyzeReference(node, names), SyntaxKind.IdentifierName, SyntaxKind.GenericName);
        });
    }

    private static void AnalyzeCall(SyntaxNodeAnalysisContext context, AttributedNames names)
    {
        InvocationExpressionSyntax call = (InvocationExpressionSyntax)context.Node;
        if (CallSiteReader.NameOf(call) is not { } name
            || !names.MayInclude(name.Identifier.ValueText)
            || !(names.MayComeFromElsewhere(name.Identifier.ValueText) || CallSiteReader.MayNotBeReplaceable(call))
            || CallSiteReader.TargetOf(call, context.SemanticModel, context.CancellationToken, out _) is not { } method
            || ProbeAttribute.Of(method) is null)
        {
            return;
        }

        string? reason = CallSiteReader.WhyNot(call, method, context.SemanticModel, context.CancellationToken);
        if (reason is null && !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, context.Compilation.Assembly))
            reason = Interceptability.Of(method, context.Compilation).WhyNot;
        if (reason is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.UseNotTraced, call.GetLocation(), method.Name, reason));
    }

    private static void AnalyzeReference(SyntaxNodeAnalysisContext context, AttributedNames names)
    {
        SimpleNameSyntax name = (SimpleNameSyntax)context.Node;
        if (!names.MayInclude(name.Identifier.ValueText) || name.IsPartOfStructuredTrivia())
            return;

        SyntaxNode expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        if ((expression.Parent is InvocationExpressionSyntax call && call.Expression == expression)
            || context.SemanticModel.GetOperation(expression, context.CancellationToken) is not IMethodReferenceOperation reference
            || reference.Parent is INameOfOperation
            || ProbeAttribute.Of(reference.Method) is null)
        {
            return;
        }

        context.ReportDiagnostic(Diagnostic.Create(
            Rules.UseNotTraced, reference.Syntax.GetLocation(), reference.Method.Name, "it is called through a delegate; call it in a lambda instead"));
    }
}
