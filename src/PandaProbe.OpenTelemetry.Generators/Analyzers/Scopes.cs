using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PandaProbe.Generators.Analyzers;

/// <summary>Recognizes the scope types that users dispose.</summary>
internal static class Scopes
{
    /// <summary>Returns the word for a scope of this type in messages; null for any other type.</summary>
    public static string? NameOf(ITypeSymbol? type) =>
        type is not { ContainingNamespace: { Name: "PandaProbe", ContainingNamespace.IsGlobalNamespace: true } } ? null : type.Name switch
        {
            "TraceScope" => "trace",
            "SpanScope" => "span",
            "AmbientScope" => "scope",
            _ => null,
        };

    /// <summary>Returns whether the method opens the scope it returns. Other methods return an open one.</summary>
    public static bool IsOpenedBy(IMethodSymbol method) =>
        NameOf(method.ReturnType) is not null
        && method.ContainingNamespace is { Name: "PandaProbe", ContainingNamespace.IsGlobalNamespace: true }
        && MayOpen(method.Name);

    /// <summary>Returns whether a method of this name may open a scope.</summary>
    public static bool MayOpen(string name) =>
        name is "Session" or "User" || (name.StartsWith("Start", StringComparison.Ordinal) && name != nameof(string.StartsWith));

    /// <summary>Returns the word for the scope in a <c>using</c> resource; null if it is no scope.</summary>
    public static string? NameOf(IOperation resource) => resource switch
    {
        IVariableDeclarationGroupOperation group => group.Declarations.SelectMany(declaration => declaration.Declarators)
            .Select(declarator => NameOf(declarator.Symbol.Type)).FirstOrDefault(name => name is not null),
        _ => NameOf(resource.Type),
    };
}
