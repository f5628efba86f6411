using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Finds methods that return a task from inside a <c>using</c> of a trace or span, which then ends before the task.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TaskOutlivesScopeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TaskOutlivesScope];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.ReturnStatement);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        if (!IsInsideUsing(context.Node)
            || context.SemanticModel.GetOperation(
                context.Node, context.CancellationToken) is not IReturnOperation { ReturnedValue: { } value } returning
            || !IsTask(value.Type)
            || IsComplete(value))
        {
            return;
        }

        IOperation child = returning;
        for (IOperation? parent = returning.Parent; parent is not null; child = parent, parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
                return;

            string? scope = parent switch
            {
                IUsingOperation used when !ReferenceEquals(child, used.Resources) => Scopes.NameOf(used.Resources),
                IBlockOperation block => block.Operations.TakeWhile(operation => !ReferenceEquals(operation, child))
                    .OfType<IUsingDeclarationOperation>().Select(declaration => Scopes.NameOf(declaration.DeclarationGroup))
                    .FirstOrDefault(name => name is not null),
                _ => null,
            };
            if (scope is null)
                continue;

            context.ReportDiagnostic(Diagnostic.Create(Rules.TaskOutlivesScope, returning.Syntax.GetLocation(), scope));
            return;
        }
    }

    private static bool IsInsideUsing(SyntaxNode returning)
    {
        for (SyntaxNode? node = returning.Parent; node is not null and not (
            MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax); node = node.Parent)
        {
            if (node is UsingStatementSyntax
                || (node is BlockSyntax block
                && block.Statements.Any(
                    static statement => statement is LocalDeclarationStatementSyntax declaration
                    && !declaration.UsingKeyword.IsKind(SyntaxKind.None))))
            {
                return true;
            }
        }

        return false;
    }

    // In an async method the returned value is the result, not the task.
    private static bool IsTask(ITypeSymbol? type) =>
        type is { Name: "Task" or "ValueTask" } && type.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks";

    private static bool IsComplete(IOperation value) => value switch
    {
        IConversionOperation conversion => IsComplete(conversion.Operand),
        IPropertyReferenceOperation property => property.Property.Name == "CompletedTask",
        IInvocationOperation call => call.TargetMethod is { IsStatic: true, ContainingType.Name: "Task" or "ValueTask" } method
            && method.Name.StartsWith("From", StringComparison.Ordinal),
        IObjectCreationOperation creation => !creation.Arguments.Any(argument => IsTask(argument.Value.Type)),
        IDefaultValueOperation or ILiteralOperation => true,
        _ => false,
    };
}
