using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>Finds callers in compiled code, where no call can be replaced.</summary>
internal static class FrameworkCalls
{
    /// <summary>
    /// Returns the framework that calls a method of this shape, or the assembly that declares the implemented member; null if only the
    /// project's own code calls it.
    /// </summary>
    public static string? CallerOf(IMethodSymbol method)
    {
        if (ByConvention(method) is { } framework)
            return framework;

        foreach (IMethodSymbol declared in Implementations.CalledInsteadOf(method))
        {
            if (IsElsewhere(declared, method) && !KnowsPandaProbe(declared.ContainingAssembly))
                return declared.ContainingAssembly.Name;
        }

        return null;
    }

    public static bool IsElsewhere(IMethodSymbol declared, IMethodSymbol method) =>
        !SymbolEqualityComparer.Default.Equals(declared.ContainingAssembly, method.ContainingAssembly);

    private static bool KnowsPandaProbe(IAssemblySymbol assembly) =>
        assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == "PandaProbe.OpenTelemetry"));

    private static string? ByConvention(IMethodSymbol method)
    {
        if (method is not { DeclaredAccessibility: Accessibility.Public, IsStatic: false, MethodKind: MethodKind.Ordinary })
            return null;
        if (method.Name is "Invoke" or "InvokeAsync" && method.Parameters is [{ Type: { Name: "HttpContext" } context }, ..]
            && IsIn(context, "Microsoft.AspNetCore.Http"))
        {
            return "ASP.NET Core";
        }

        bool isAction = !Has(method, "NonActionAttribute");
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type.Name == "Hub" && IsIn(type, "Microsoft.AspNetCore.SignalR"))
                return "SignalR";
            if (isAction && (type.Name == "ControllerBase" && IsIn(type, "Microsoft.AspNetCore.Mvc") || Has(type, "ControllerAttribute")
                || Has(type, "ApiControllerAttribute")))
            {
                return "ASP.NET Core";
            }

            if (type.Name == "PageModel" && IsIn(type, "Microsoft.AspNetCore.Mvc.RazorPages")
                && method.Name.StartsWith("On", StringComparison.Ordinal))
            {
                return "ASP.NET Core";
            }
        }

        return null;
    }

    private static bool Has(ISymbol symbol, string attribute) =>
        symbol.GetAttributes()
            .Any(data => data.AttributeClass is { } type && type.Name == attribute && IsIn(type, "Microsoft.AspNetCore.Mvc"));

    private static bool IsIn(ITypeSymbol type, string name) => type.ContainingNamespace?.ToDisplayString() == name;
}
