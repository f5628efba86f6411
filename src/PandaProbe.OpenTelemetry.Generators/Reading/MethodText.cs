using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PandaProbe.Generators.Reading;

/// <summary>The parts of a method's declaration and of its calls as C# text, with the names as generated code must write them.</summary>
internal static class MethodText
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    // The interceptor copies these attributes, so that the trimmer and the compiler report at the user's call, not in generated code.
    private static readonly string[] PassedOn =
        ["RequiresUnreferencedCodeAttribute", "RequiresDynamicCodeAttribute", "RequiresAssemblyFilesAttribute", "ObsoleteAttribute",
            "ExperimentalAttribute"];

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    public static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    public static string Name(IParameterSymbol parameter) => Escaped(parameter.Name);

    // A dynamic argument would bind the call at run time, perhaps to another overload. To the runtime both types are object.
    public static string Type(ITypeSymbol type) => type switch
    {
        IDynamicTypeSymbol { NullableAnnotation: NullableAnnotation.Annotated } => "object?",
        IDynamicTypeSymbol => "object",
        _ => type.ToDisplayString(TypeFormat),
    };

    public static ImmutableArray<string> Attributes(ISymbol symbol)
    {
        ImmutableArray<string>.Builder attributes = ImmutableArray.CreateBuilder<string>();
        foreach (AttributeData data in symbol.GetAttributes())
        {
            if (data.AttributeClass is not { } type)
                continue;

            if (PassedOn.Contains(type.Name) || type.Name is "DynamicallyAccessedMembersAttribute")
                attributes.Add($"{Type(type)}({string.Join(", ", data.ConstructorArguments.Select(Constant))})");
        }

        return attributes.ToImmutable();
    }

    public static string Constant(TypedConstant constant) => constant switch
    {
        { Kind: TypedConstantKind.Enum, Type: { } type } =>
            $"({Type(type)}){Convert.ToString(constant.Value, CultureInfo.InvariantCulture)}",
        _ => constant.ToCSharpString(),
    };

    public static string AttributesOf(ISymbol symbol) => string.Concat(Attributes(symbol).Select(text => $"[{text}] "));

    public static string TypeParameters(IMethodSymbol method)
    {
        string[] all = [.. Interceptability.AllTypeParameters(method)
            .Select(parameter => AttributesOf(parameter) + Escaped(parameter.Name))];
        return all.Length == 0 ? "" : $"<{string.Join(", ", all)}>";
    }

    public static ImmutableArray<string> Constraints(IMethodSymbol method)
    {
        ImmutableArray<string>.Builder clauses = ImmutableArray.CreateBuilder<string>();
        foreach (ITypeParameterSymbol parameter in Interceptability.AllTypeParameters(method))
        {
            List<string> constraints = [];
            if (parameter.HasUnmanagedTypeConstraint)
                constraints.Add("unmanaged");
            else if (parameter.HasValueTypeConstraint)
                constraints.Add("struct");
            else if (parameter.HasReferenceTypeConstraint)
                constraints.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
            else if (parameter.HasNotNullConstraint)
                constraints.Add("notnull");
            constraints.AddRange(parameter.ConstraintTypes.Select(Type));
            if (parameter.HasConstructorConstraint)
                constraints.Add("new()");
            if (parameter.AllowsRefLikeType)
                constraints.Add("allows ref struct");
            if (constraints.Count > 0)
                clauses.Add($"where {Escaped(parameter.Name)} : {string.Join(", ", constraints)}");
        }

        return clauses.ToImmutable();
    }

    public static string ReturnType(IMethodSymbol method) => method.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.RefReadOnly => "ref readonly ",
        _ => "",
    } + (method.ReturnsVoid ? "void" : Type(method.ReturnType));

    public static string Declaration(IParameterSymbol parameter, IMethodSymbol method)
    {
        StringBuilder text = new(AttributesOf(parameter));
        if (parameter.GetAttributes().Any(data => data.AttributeClass?.Name is "UnscopedRefAttribute"))
            text.Append("[global::System.Diagnostics.CodeAnalysis.UnscopedRef] ");
        if (parameter.IsParams && parameter.Type is not IArrayTypeSymbol && parameter.Ordinal == method.Parameters.Length - 1)
        {
            text.Append("params ");
        }
        else if (parameter.ScopedKind == ScopedKind.ScopedValue
            || (parameter.ScopedKind == ScopedKind.ScopedRef && parameter.RefKind != RefKind.Out))
        {
            text.Append("scoped ");
        }

        text.Append(parameter.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.Out => "out ",
            RefKind.In => "in ",
            RefKind.RefReadOnlyParameter => "ref readonly ",
            _ => "",
        });
        return text.Append(Type(parameter.Type)).Append(' ').Append(Name(parameter)).ToString();
    }

    public static string Argument(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In or RefKind.RefReadOnlyParameter => "in ",
        _ => "",
    } + Name(parameter) + Forgiven(parameter.GetAttributes());

    // The caller's arguments were already checked against the nullability attributes.
    public static string Forgiven(ImmutableArray<AttributeData> attributes) =>
        attributes.Any(data =>
            data.AttributeClass is { ContainingNamespace: { Name: "CodeAnalysis", ContainingNamespace.Name: "Diagnostics" } } type
            && type.Name.Contains("Null")) ? "!" : "";
}
