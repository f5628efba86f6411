using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>Finds attributed implementations and overrides of methods without the attribute.</summary>
internal static class Implementations
{
    /// <summary>Returns the attributed methods that a call of <paramref name="called"/> may run, derived types first.</summary>
    public static ImmutableArray<IMethodSymbol> Of(IMethodSymbol called, Compilation compilation, CancellationToken cancellation)
    {
        if (!MayRunAnother(called))
            return [];

        return
        [
            .. compilation.GetSymbolsWithName(called.Name, SymbolFilter.Member, cancellation).OfType<IMethodSymbol>()
                .Concat(AttributedNames.Of(compilation, cancellation).FromElsewhere(called.Name))
                .Where(method => !method.IsStatic && ProbeAttribute.On(method) is not null && Runs(called, method))
                .OrderByDescending(method => Depth(method.ContainingType))
                .ThenBy(method => method.ToDisplayString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the methods of interfaces and base classes through which <paramref name="method"/> may be called.</summary>
    public static IEnumerable<IMethodSymbol> CalledInsteadOf(IMethodSymbol method)
    {
        for (IMethodSymbol? declared = method.OverriddenMethod; declared is not null; declared = declared.OverriddenMethod)
            yield return declared;

        foreach (INamedTypeSymbol type in method.ContainingType.AllInterfaces)
        {
            foreach (IMethodSymbol member in type.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                if (Implements(method, member))
                    yield return member;
            }
        }
    }

    /// <summary>Returns whether generated code can name this type in a type test.</summary>
    public static bool CanBeNamed(INamedTypeSymbol type, Compilation compilation) =>
        !type.IsGenericType && !type.IsRefLikeType && !Interceptability.IsFileLocal(type)
            && compilation.IsSymbolAccessibleWithin(type, compilation.Assembly);

    private static bool MayRunAnother(IMethodSymbol called) =>
        !called.IsStatic
        && called.MethodKind == MethodKind.Ordinary
        && (called.ContainingType.TypeKind == TypeKind.Interface || called.IsVirtual || called.IsAbstract
        || (called.IsOverride && !called.IsSealed));

    private static bool Runs(IMethodSymbol called, IMethodSymbol method) =>
        CalledInsteadOf(method).Any(declared => SymbolEqualityComparer.Default.Equals(declared.OriginalDefinition, called));

    private static bool Implements(IMethodSymbol method, IMethodSymbol member)
    {
        ISymbol? implementation = method.ContainingType.FindImplementationForInterfaceMember(member);
        for (IMethodSymbol? declared = method; declared is not null; declared = declared.OverriddenMethod)
        {
            if (SymbolEqualityComparer.Default.Equals(implementation, declared))
                return true;
        }

        return false;
    }

    private static int Depth(INamedTypeSymbol type)
    {
        int depth = 0;
        for (INamedTypeSymbol? parent = type.BaseType; parent is not null; parent = parent.BaseType)
            depth++;
        return depth;
    }
}
