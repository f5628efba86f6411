using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>Holds the values of <c>[ProbeTrace]</c> or <c>[ProbeSpan]</c> on a method or on a method it overrides.</summary>
internal sealed class ProbeAttribute
{
    public const string TraceName = "PandaProbe.ProbeTraceAttribute";
    public const string SpanName = "PandaProbe.ProbeSpanAttribute";
    private const string IgnoreName = "ProbeIgnoreAttribute";
    private const string DefaultsName = "ProbeSpansAttribute";
    private const int JustRun = 1;
    private const int Record = 2;

    private readonly AttributeData _data;

    private ProbeAttribute(AttributeData data, bool isTrace)
    {
        _data = data;
        IsTrace = isTrace;
    }

    public bool IsTrace { get; }

    public string ShortName => IsTrace ? "ProbeTrace" : "ProbeSpan";

    public string? Name => _data.ConstructorArguments is [{ Value: string { Length: > 0 } name }, ..] ? name : null;

    public string? SessionId => Argument("SessionId")?.Value as string;

    public string? UserId => Argument("UserId")?.Value as string;

    public string? Model => Argument("Model")?.Value as string;

    public string? Provider => Argument("Provider")?.Value as string;

    public TypedConstant? Kind => Argument("Kind");

    public IEnumerable<string> Tags =>
        Argument("Tags") is { Kind: TypedConstantKind.Array, IsNull: false } tags
            ? tags.Values.Select(tag => tag.Value).OfType<string>() : [];

    public SyntaxNode? Syntax(CancellationToken cancellation) => _data.ApplicationSyntaxReference?.GetSyntax(cancellation);

    /// <summary>Returns the attribute that applies to calls of <paramref name="method"/>; null for none.</summary>
    public static ProbeAttribute? Of(IMethodSymbol method)
    {
        for (IMethodSymbol? declared = method; declared is not null; declared = declared.OverriddenMethod)
        {
            if (On(declared) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Returns the attribute on the method itself, ignoring overridden methods; null for none.</summary>
    public static ProbeAttribute? On(IMethodSymbol method)
    {
        ProbeAttribute? found = null;
        foreach (AttributeData data in method.GetAttributes())
        {
            if (Is(data, "ProbeTraceAttribute"))
                return new(data, isTrace: true);
            if (Is(data, "ProbeSpanAttribute"))
                found = new(data, isTrace: false);
        }

        return found;
    }

    public static bool Ignores(IEnumerable<AttributeData> attributes) => attributes.Any(data => Is(data, IgnoreName));

    /// <summary>Returns whether calls outside of any trace are recorded.</summary>
    public bool RecordsOutsideTrace(IAssemblySymbol assembly)
    {
        int said = Argument("OutsideTrace")?.Value is int own ? own : 0;
        if (said is JustRun or Record)
            return said == Record;

        foreach (AttributeData data in assembly.GetAttributes())
        {
            if (Is(data, DefaultsName))
                return data.NamedArguments.Any(argument => argument is { Key: "OutsideTrace", Value.Value: Record });
        }

        return false;
    }

    private static bool Is(AttributeData data, string name) =>
        data.AttributeClass is { ContainingNamespace: { Name: "PandaProbe", ContainingNamespace.IsGlobalNamespace: true } } type
            && type.Name == name;

    private TypedConstant? Argument(string name)
    {
        foreach (KeyValuePair<string, TypedConstant> argument in _data.NamedArguments)
        {
            if (argument.Key == name)
                return argument.Value;
        }

        return null;
    }
}
