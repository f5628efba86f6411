using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

internal static class SymbolExtensions
{
    // The referenced compiler version does not define TypeKind.Extension.
    private const TypeKind Extension = (TypeKind)14;

    public static bool IsExtension(this INamedTypeSymbol type) => type.TypeKind == Extension;
}
