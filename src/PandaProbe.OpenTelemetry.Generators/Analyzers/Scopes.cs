using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PandaProbe.Generators.Analyzers;

/// <summary>The types that users dispose.</summary>
internal static class Scopes
{
    /// <summary>How people call a scope of this type; null for any other type.</summary>
    public static string? NameOf(ITypeSymbol? type) =>
        type is not { ContainingNamespace: { Name: "PandaProbe", ContainingNamespace.IsGlobalNamespace: true } } ? null : type.Name switch
        {
            "TraceScope" => "trace",
            "SpanScope" => "span",
            "AmbientScope" => "scope",
            _ => null,
        };

    /// <summary>Whether the method opens what it returns, rather than handing out what is open.</summary>
    public static bool IsOpenedBy(IMethodSymbol method) =>
        NameOf(method.ReturnType) is not null
        && method.ContainingNamespace is { Name: "PandaProbe", ContainingNamespace.IsGlobalNamespace: true }
        && MayOpen(method.Name);

    /// <summary>Whether a method of this name may be one that opens a scope.</summary>
    public static bool MayOpen(string name) =>
        name is "Session" or "User" || (name.StartsWith("Start", StringComparison.Ordinal) && name != nameof(string.StartsWith));

    /// <summary>The scope that a resource of a <c>using</c> is.</summary>
    public static string? NameOf(IOperation resource) => resource switch
    {
        IVariableDeclarationGroupOperation group => group.Declarations.SelectMany(declaration => declaration.Declarators)
            .Select(declarator => NameOf(declarator.Symbol.Type)).FirstOrDefault(name => name is not null),
        _ => NameOf(resource.Type),
    };
}
