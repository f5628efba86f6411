using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PandaProbe.Generators.Analyzers;

/// <summary>
/// Finds methods passed to <c>AIFunctionFactory</c>. The wrapper of Microsoft.Extensions.AI functions traces them under the tool's name.
/// </summary>
internal static class AIFunctions
{
    private const string Wrapper = "WithPandaProbe";

    /// <summary>
    /// Returns the <c>AIFunctionFactory.Create</c> call with this method reference as its argument; null for any other reference.
    /// </summary>
    public static InvocationExpressionSyntax? CreationOf(SyntaxNode reference)
    {
        SyntaxNode? parent = reference.Parent;
        while (parent is CastExpressionSyntax or ParenthesizedExpressionSyntax)
            parent = parent.Parent;
        return parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax creation }
            && creation.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Create" } access
            && LastNameOf(access.Expression) == "AIFunctionFactory"
            ? creation
            : null;
    }

    /// <summary>Returns whether the function is wrapped at its creation.</summary>
    public static bool IsTraced(InvocationExpressionSyntax creation) =>
        creation.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Wrapper } access && access.Expression == creation;

    private static string? LastNameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
