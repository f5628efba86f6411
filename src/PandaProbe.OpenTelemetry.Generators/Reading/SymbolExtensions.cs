using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

internal static class SymbolExtensions
{
    // Younger than the compiler that this is built against.
    private const TypeKind Extension = (TypeKind)14;

    public static bool IsExtension(this INamedTypeSymbol type) => type.TypeKind == Extension;
}
