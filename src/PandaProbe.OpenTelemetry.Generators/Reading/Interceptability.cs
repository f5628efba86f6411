using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PandaProbe.Generators.Reading;

/// <summary>Tells whether generated code can replace the calls of a method, and how it can call the method.</summary>
internal readonly struct Interceptability
{
    private Interceptability(string? whyNot, bool needsAccessor)
    {
        WhyNot = whyNot;
        NeedsAccessor = needsAccessor;
    }

    /// <summary>Gets the reason as the end of a sentence; null if calls can be replaced.</summary>
    public string? WhyNot { get; }

    /// <summary>Gets whether generated code needs an accessor, because the method is accessible to the runtime only.</summary>
    public bool NeedsAccessor { get; }

    public static Interceptability Of(IMethodSymbol method, Compilation compilation)
    {
        switch (method.MethodKind)
        {
            case MethodKind.Ordinary:
                break;
            case MethodKind.LocalFunction:
                return No("it is a local function; move it to its type");
            case MethodKind.AnonymousFunction:
                return No("it is a lambda; put it on a method");
            case MethodKind.ExplicitInterfaceImplementation:
                return No("it is called only through its interface; put the attribute on the method of the interface");
            default:
                return No("it is not an ordinary method; only ordinary methods can be traced");
        }

        if (method.ContainingType.IsExtension())
            return No("it is declared in an extension block; declare it with a 'this' parameter");
        if (method is { IsStatic: true, IsAbstract: true } or { IsStatic: true, IsVirtual: true })
            return No("it is a static method of an interface");
        if (method.IsVararg || method.Parameters.Any(parameter => IsPointer(parameter.Type)) || IsPointer(method.ReturnType))
            return No("it has pointers or variable arguments in its signature");
        if (method.ContainingType.IsRefLikeType && !method.IsStatic)
            return No("its type is a ref struct");

        foreach (ITypeSymbol type in TypesOf(method))
        {
            if (!IsReachable(type, compilation))
            {
                return No(
                    $"generated code cannot name '{type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'; make that type internal");
            }
        }

        string[] typeParameters = [.. AllTypeParameters(method).Select(parameter => parameter.Name)];
        if (typeParameters.Distinct().Count() != typeParameters.Length)
            return No("it has a type parameter with the name of one of its type's");

        if (compilation.IsSymbolAccessibleWithin(method, compilation.Assembly))
            return new(null, needsAccessor: false);
        if (!SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly))
            return No("it is not accessible from here");
        if (method.IsVirtual || method.IsAbstract || method.IsOverride)
            return No("it is a protected virtual method; make it 'protected internal'");
        if (method.ContainingType.IsStatic && !CanNameTypes(compilation))
            return No("it is a private method of a static class; make it internal");
        if (typeParameters.Length > 0
            && (method.ContainingType.IsStatic || method.ContainingType.IsGenericType || !AccessorsAreGeneric(compilation)))
        {
            return No("it is generic, and not accessible from generated code; make it internal");
        }

        return new(null, needsAccessor: true);
    }

    public static IEnumerable<ITypeParameterSymbol> AllTypeParameters(IMethodSymbol method)
    {
        List<ITypeParameterSymbol> all = [];
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
            all.InsertRange(0, type.TypeParameters);
        all.AddRange(method.TypeParameters);
        return all;
    }

    /// <summary>Returns whether the method runs no code before its result is enumerated.</summary>
    public static bool IsIterator(IMethodSymbol method)
    {
        if (method.DeclaringSyntaxReferences.IsEmpty)
        {
            return method.GetAttributes()
                .Any(data => data.AttributeClass?.Name is "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute");
        }

        IMethodSymbol body = method.PartialImplementationPart ?? method;
        return body.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax()
            .DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Any(node => node is YieldStatementSyntax));
    }

    private static Interceptability No(string why) => new(why, needsAccessor: false);

    private static IEnumerable<ITypeSymbol> TypesOf(IMethodSymbol method) =>
        method.Parameters.Select(parameter => parameter.Type)
            .Prepend(method.ReturnType)
            .Prepend(method.ContainingType)
            .Concat(AllTypeParameters(method).SelectMany(parameter => parameter.ConstraintTypes));

    private static bool IsReachable(ITypeSymbol type, Compilation compilation) => type switch
    {
        ITypeParameterSymbol or IDynamicTypeSymbol => true,
        IArrayTypeSymbol array => IsReachable(array.ElementType, compilation),
        INamedTypeSymbol named => compilation.IsSymbolAccessibleWithin(named.OriginalDefinition, compilation.Assembly)
            && !IsFileLocal(named)
            && (named.IsTupleType ? named.TupleElements.Select(element => element.Type) : named.TypeArguments)
            .All(argument => IsReachable(argument, compilation)),
        _ => true,
    };

    public static bool IsFileLocal(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
                return true;
        }

        return false;
    }

    private static bool IsPointer(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => true,
        IArrayTypeSymbol array => IsPointer(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsPointer),
        _ => false,
    };

    private static bool CanNameTypes(Compilation compilation) =>
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.UnsafeAccessorTypeAttribute") is not null;

    // Unsafe accessors support generics since .NET 9, which also added System.Threading.Lock.
    private static bool AccessorsAreGeneric(Compilation compilation) =>
        compilation.GetTypeByMetadataName("System.Threading.Lock") is not null;
}
