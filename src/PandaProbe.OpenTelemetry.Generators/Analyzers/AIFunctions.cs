using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Methods that become functions of Microsoft.Extensions.AI, whose own wrapper traces them under the tool's name.</summary>
internal static class AIFunctions
{
    private const string Wrapper = "WithPandaProbe";

    /// <summary>The call of <c>AIFunctionFactory.Create</c> whose argument a reference to a method is; null for any other reference.</summary>
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

    /// <summary>Whether the function is wrapped where it is created.</summary>
    public static bool IsTraced(InvocationExpressionSyntax creation) =>
        creation.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Wrapper } access && access.Expression == creation;

    private static string? LastNameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
