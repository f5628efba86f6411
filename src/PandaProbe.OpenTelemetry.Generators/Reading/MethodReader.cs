using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PandaProbe.Generators.Model;
using static PandaProbe.Generators.Reading.MethodText;

namespace PandaProbe.Generators.Reading;

/// <summary>Builds the method-dependent C# text of generated code.</summary>
/// <param name="method">The called method.</param>
/// <param name="attribute">The attribute that applies to its calls.</param>
/// <param name="compilation">The compilation of the calls.</param>
/// <param name="needsAccessor">Whether generated code cannot call the method by its name.</param>
/// <param name="calledAsExtension">Whether the calls have the form of instance method calls.</param>
/// <param name="implementation">The attributed method, if the call goes through an interface or a base class.</param>
internal sealed class MethodReader(
    IMethodSymbol method, ProbeAttribute attribute, Compilation compilation, bool needsAccessor, bool calledAsExtension,
    IMethodSymbol? implementation = null)
{
    private static readonly SymbolDisplayFormat JsonFormat = SymbolDisplayFormat.FullyQualifiedFormat;

    private static readonly SymbolDisplayFormat PeopleFormat = SymbolDisplayFormat.CSharpShortErrorMessageFormat;

    private readonly string _self = Unused("self", method);
    private readonly ReturnShape _returns = ShapeOf(method);

    /// <summary>
    /// Reads a method of an interface or a base class. Its calls are traced if the receiver's type has the attribute on its method.
    /// </summary>
    public static InterceptedMethod Read(IMethodSymbol method, IReadOnlyList<IMethodSymbol> implementations, Compilation compilation)
    {
        InterceptedMethod[] read =
        [
            .. implementations.Select(found =>
                new MethodReader(method, ProbeAttribute.On(found)!, compilation, needsAccessor: false, calledAsExtension: false, found)
                    .Read()),
        ];
        return (read.FirstOrDefault(one => one.Returns != ReturnShape.Opaque && one.ResultType is not null) ?? read[0]) with
        {
            Site = "",
            BeginArguments = "",
            BeginIsCostly = true,
            Recorded = read[0].Recorded.Where(parameter => read.All(one => one.Recorded.Contains(parameter))).ToImmutableArray(),
            Implementers = implementations.Zip(
                read, (found, one) => new Implementer(Type(found.ContainingType), one.Site, one.BeginArguments)).ToImmutableArray(),
        };
    }

    public InterceptedMethod Read()
    {
        bool records = RecordsOutput();
        string begin = BeginArguments(out bool costly);
        return new()
        {
            Display = method.ToDisplayString(PeopleFormat),
            Site = Site(),
            BeginArguments = begin,
            BeginIsCostly = costly,
            Name = $"{method.ContainingType.Name}_{method.Name}",
            Attributes = Attributes(method),
            TypeParameters = TypeParameters(method),
            Constraints = Constraints(method),
            ReturnType = ReturnType(method),
            Returns = !records && _returns is ReturnShape.Value or ReturnShape.Reference ? ReturnShape.Opaque : _returns,
            ResultType = records ? ResultType()?.ToDisplayString(JsonFormat) : null,
            Receiver = _self,
            Implementers = default,
            Parameters = Parameters(forAccessor: false),
            Recorded = Recorded(),
            Call = Call(),
            Accessor = needsAccessor ? Accessor() : null,
        };
    }

    private static ReturnShape ShapeOf(IMethodSymbol method)
    {
        if (method.ReturnsVoid)
            return ReturnShape.Nothing;
        if (method.RefKind != RefKind.None)
            return ReturnShape.Reference;

        ITypeSymbol type = method.ReturnType.OriginalDefinition;
        if (type.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
            return Interceptability.IsIterator(method) ? ReturnShape.LazySequence : ReturnShape.Sequence;

        return type.ContainingNamespace?.ToDisplayString() switch
        {
            "System.Threading.Tasks" when type.Name is "Task" or "ValueTask" => ReturnShape.Task,
            "System.Collections.Generic" when type.Name is "IAsyncEnumerable" => ReturnShape.LazySequence,
            _ => ReturnShape.Value,
        };
    }

    private static string Unused(string name, IMethodSymbol method)
    {
        while (method.Parameters.Any(parameter => parameter.Name == name))
            name += "_";
        return name;
    }

    // An implementation may rename its parameters.
    private string NameInCall(IParameterSymbol parameter) => Name(method.Parameters[parameter.Ordinal]);

    private ITypeSymbol? ResultType() => _returns switch
    {
        ReturnShape.Nothing => null,
        ReturnShape.Task or ReturnShape.Sequence or ReturnShape.LazySequence =>
            ((INamedTypeSymbol)method.ReturnType).TypeArguments.FirstOrDefault(),
        _ => method.ReturnType,
    };

    private bool RecordsOutput() =>
        !ProbeAttribute.Ignores(method.GetReturnTypeAttributes())
        && !(implementation is not null && ProbeAttribute.Ignores(implementation.GetReturnTypeAttributes()))
        && (ResultType() is not { } type || RecordableTypes.IsRecordable(type));

    private string Site()
    {
        List<string> arguments = [Literal(attribute.Name ?? Declared.Name)];
        if (attribute.IsTrace)
        {
            if (attribute.SessionId is { Length: > 0 } session && !IsTemplate(session))
                arguments.Add("sessionId: " + Literal(session));
            if (attribute.UserId is { Length: > 0 } user && !IsTemplate(user))
                arguments.Add("userId: " + Literal(user));
            if (attribute.Tags.Any())
                arguments.Add($"tags: [{string.Join(", ", attribute.Tags.Select(Literal))}]");
        }
        else
        {
            if (attribute.Kind is { Value: not 0 } kind)
            {
                arguments.Add(kind.ToCSharpString() is var name && name.StartsWith("PandaProbe.", StringComparison.Ordinal) ? "global::"
                    + name : Constant(kind));
            }

            if (attribute.Model is { Length: > 0 } model)
                arguments.Add("model: " + Literal(model));
            if (attribute.Provider is { Length: > 0 } provider)
                arguments.Add("provider: " + Literal(provider));
            if (attribute.RecordsOutsideTrace(Declared.ContainingAssembly))
                arguments.Add("outsideTrace: true");
        }

        if (!RecordsOutput())
            arguments.Add("output: false");
        return $"{(attribute.IsTrace ? "Trace" : "Span")}({string.Join(", ", arguments)})";
    }

    private IMethodSymbol Declared => implementation ?? method;

    private bool IsTemplate(string text) => Template.Parse(text, Declared).Any(part => part.Parameter is not null);

    private string BeginArguments(out bool costly)
    {
        costly = false;
        if (!attribute.IsTrace)
            return "";

        List<string> arguments = [];
        foreach ((string name, string? text) in new[] { ("sessionId", attribute.SessionId), ("userId", attribute.UserId) })
        {
            if (text is not null && IsTemplate(text))
                arguments.Add($"{name}: {Template.Expression(Template.Parse(text, Declared), NameInCall, ref costly)}");
        }

        return string.Join(", ", arguments);
    }

    private ImmutableArray<string> Parameters(bool forAccessor)
    {
        ImmutableArray<string>.Builder parameters = ImmutableArray.CreateBuilder<string>();
        if (!method.IsStatic)
        {
            string by = !method.ContainingType.IsValueType ? "" : method.IsReadOnly || method.ContainingType.IsReadOnly ? "in " : "ref ";
            parameters.Add(
                $"{(forAccessor ? "" : "this ")}{(forAccessor && by.Length > 0 ? "ref " : by)}{Type(method.ContainingType)} {_self}");
        }

        // The interceptor must have the same call form as the method.
        foreach (IParameterSymbol parameter in method.Parameters)
            parameters.Add((calledAsExtension && !forAccessor && parameter.Ordinal == 0 ? "this " : "") + Declaration(parameter, method));
        return parameters.ToImmutable();
    }

    private ImmutableArray<RecordedParameter> Recorded()
    {
        ImmutableArray<RecordedParameter>.Builder recorded = ImmutableArray.CreateBuilder<RecordedParameter>();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (RecordableTypes.IsRecordable(parameter) && !ProbeAttribute.Ignores(Declared.Parameters[parameter.Ordinal].GetAttributes()))
                recorded.Add(new(parameter.Name, Name(parameter), parameter.Type.ToDisplayString(JsonFormat)));
        }

        return recorded.ToImmutable();
    }

    private string Call()
    {
        List<string> arguments = [.. method.Parameters.Select(Argument)];
        string typeArguments = method.TypeParameters.IsEmpty
            ? "" : $"<{string.Join(", ", method.TypeParameters.Select(parameter => Escaped(parameter.Name)))}>";
        if (needsAccessor)
        {
            arguments.Insert(0, method.IsStatic ? "default" : method.ContainingType.IsValueType ? $"ref {SelfByReference()}" : _self);
            return $"{AccessorPlaceholder}{typeArguments}({string.Join(", ", arguments)})";
        }

        string receiver = method.IsStatic ? Type(method.ContainingType) : _self;
        string result = method is { ReturnType: IDynamicTypeSymbol, RefKind: RefKind.None } ? "(object?)" : "";
        return $"{result}{receiver}.{Escaped(method.Name)}{typeArguments}({string.Join(", ", arguments)}){Forgiven(method.GetReturnTypeAttributes())}";
    }

    /// <summary>Stands for the accessor's name. The writer replaces it, because only the writer knows the name.</summary>
    public const string AccessorPlaceholder = "<accessor>";

    private string SelfByReference() =>
        method.IsReadOnly || method.ContainingType.IsReadOnly ? $"global::System.Runtime.CompilerServices.Unsafe.AsRef(in {_self})" : _self;

    private string Accessor()
    {
        List<string> parameters = [.. Parameters(forAccessor: true)];
        if (method.IsStatic)
        {
            parameters.Insert(0, method.ContainingType.IsStatic
                ? $"[UnsafeAccessorType({Literal(MetadataName(method.ContainingType))})] object? {Unused("type", method)}"
                : $"{Type(method.ContainingType)}{(method.ContainingType.IsValueType ? "" : "?")} {Unused("type", method)}");
        }

        string typeParameters = method.TypeParameters.IsEmpty ? "" : TypeParameters(method);
        string constraints = string.Concat(Constraints(method).Select(clause => " " + clause));
        return $"[UnsafeAccessor(UnsafeAccessorKind.{(method.IsStatic ? "StaticMethod" : "Method")}, Name = {Literal(method.Name)})]\n"
            + $"private static extern {ReturnType(method)} {AccessorPlaceholder}{typeParameters}({string.Join(", ", parameters)}){constraints};";
    }

    private string MetadataName(INamedTypeSymbol type)
    {
        string name = type.MetadataName;
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
            name = $"{outer.MetadataName}+{name}";
        if (type.ContainingNamespace is { IsGlobalNamespace: false } space)
            name = $"{space.ToDisplayString()}.{name}";
        return $"{name}, {compilation.Assembly.Identity.Name}";
    }
}
