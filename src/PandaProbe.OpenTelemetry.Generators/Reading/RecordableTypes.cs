using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>
/// Tells which types hold data to record. Services, ambient values such as cancellation tokens, and single-use streams are excluded.
/// </summary>
internal static class RecordableTypes
{
    private static readonly string[] ServiceEndings = ["Client", "Service", "Factory", "Repository", "Logger"];

    public static bool IsRecordable(IParameterSymbol parameter) =>
        parameter.RefKind != RefKind.Out
        && !ProbeAttribute.Ignores(parameter.GetAttributes())
        && !parameter.GetAttributes().Any(data => data.AttributeClass?.Name is "FromServicesAttribute" or "FromKeyedServicesAttribute")
        && (IsText(parameter.Type) || IsRecordable(parameter.Type));

    public static bool IsRecordable(ITypeSymbol type) => type switch
    {
        { IsRefLikeType: true } => false,
        { TypeKind: TypeKind.Delegate or TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Error } => false,
        ITypeParameterSymbol parameter => !parameter.AllowsRefLikeType,
        IArrayTypeSymbol array => IsRecordable(array.ElementType),
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => false,
        { SpecialType: not SpecialType.None } => type.SpecialType is not (
            SpecialType.System_Collections_IEnumerator or SpecialType.System_Collections_Generic_IEnumerator_T
            or SpecialType.System_IDisposable),
        { TypeKind: TypeKind.Interface } => IsCollection(type),
        { TypeKind: TypeKind.Enum } => true,
        _ => !IsService(type),
    };

    public static bool IsTaskLike(ITypeSymbol type) =>
        type.GetMembers("GetAwaiter").OfType<IMethodSymbol>().Any(method => method.Parameters.IsEmpty && !method.IsStatic)
        || (type.BaseType is { } parent && IsTaskLike(parent));

    /// <summary>Returns whether the type is a span of characters.</summary>
    public static bool IsText(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "ReadOnlySpan" or "Span", TypeArguments: [{ SpecialType: SpecialType.System_Char }] } span
            && IsIn(span, "System");

    private static bool IsCollection(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType is SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_Generic_ICollection_T or SpecialType.System_Collections_Generic_IList_T
            or SpecialType.System_Collections_Generic_IReadOnlyCollection_T or SpecialType.System_Collections_Generic_IReadOnlyList_T
            or SpecialType.System_Collections_IEnumerable
        || ((IsIn(type, "System.Collections.Generic") || IsIn(type, "System.Collections.Immutable") || IsIn(type, "System.Collections"))
            && type.Name is not ("IAsyncEnumerable" or "IAsyncEnumerator" or "IEnumerator" or "IComparer" or "IEqualityComparer"));

    private static bool IsService(ITypeSymbol type)
    {
        if (type.Name is "CancellationToken" && IsIn(type, "System.Threading"))
            return true;
        if (IsIn(type, "Microsoft.AspNetCore.Http") || IsTaskLike(type))
            return true;
        if (type.Name is "JsonDocument" && IsIn(type, "System.Text.Json"))
            return false;
        if (type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_IDisposable
            || (implemented.Name is "IAsyncDisposable" && IsIn(implemented, "System"))
            || (implemented.Name is "IQueryable" && IsIn(implemented, "System.Linq"))
            || (implemented.Name is "IServiceProvider" && IsIn(implemented, "System"))))
        {
            return true;
        }

        return type is { TypeKind: TypeKind.Class, IsRecord: false }
            && ServiceEndings.Any(ending => type.Name.Length > ending.Length && type.Name.EndsWith(ending, StringComparison.Ordinal));
    }

    private static bool IsIn(ITypeSymbol type, string name) =>
        type.ContainingType is null && type.ContainingNamespace?.ToDisplayString() == name;
}
