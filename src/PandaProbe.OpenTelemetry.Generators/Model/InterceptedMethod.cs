namespace PandaProbe.Generators.Model;

/// <summary>
/// Holds the method-dependent parts of generated code as C# text. It holds no symbols, because they would keep the compilation alive in the
/// incremental pipeline.
/// </summary>
internal sealed record InterceptedMethod
{
    /// <summary>Gets the name for comments and for telling overloads apart: <c>Agent.Answer(string)</c>.</summary>
    public required string Display { get; init; }

    /// <summary>Gets the constructor arguments of <c>ProbeSite</c>; empty if <see cref="Implementers"/> have them.</summary>
    public required string Site { get; init; }

    /// <summary>Gets the arguments of <c>Begin</c>: session and user, if they depend on the call's arguments.</summary>
    public required string BeginArguments { get; init; }

    /// <summary>Gets whether these arguments are expensive, so that they are computed only with a listener.</summary>
    public required bool BeginIsCostly { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets the method's attributes that the compiler or the trimmer must also see on the interceptor.</summary>
    public required EquatableArray<string> Attributes { get; init; }

    /// <summary>Gets <c>&lt;T, U&gt;</c>, those of the containing types first; empty for none.</summary>
    public required string TypeParameters { get; init; }

    public required EquatableArray<string> Constraints { get; init; }

    public required string ReturnType { get; init; }

    public required ReturnShape Returns { get; init; }

    /// <summary>Gets the type of the result or of the items, as JSON contexts name it; null if nothing is recorded.</summary>
    public required string? ResultType { get; init; }

    /// <summary>Gets the declarations of the parameters, the receiver first.</summary>
    public required EquatableArray<string> Parameters { get; init; }

    public required EquatableArray<RecordedParameter> Recorded { get; init; }

    /// <summary>Gets the call of the original method.</summary>
    public required string Call { get; init; }

    /// <summary>Gets the declaration of the accessor for an inaccessible method; null if none is needed.</summary>
    public required string? Accessor { get; init; }

    /// <summary>Gets the name of the receiver parameter.</summary>
    public required string Receiver { get; init; }

    /// <summary>Gets the types whose implementation or override has the attribute instead of this method, derived types first.</summary>
    public required EquatableArray<Implementer> Implementers { get; init; }
}
