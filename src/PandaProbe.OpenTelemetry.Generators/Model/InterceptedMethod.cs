namespace PandaProbe.Generators.Model;

/// <summary>The parts of generated code that depend on the method, as C# text. No symbol of a compilation is kept, which the incremental pipeline forbids.</summary>
internal sealed record InterceptedMethod
{
    /// <summary>For people, and to keep overloads apart: <c>Agent.Answer(string)</c>.</summary>
    public required string Display { get; init; }

    /// <summary>What <c>ProbeSite</c> is made of; empty where <see cref="Implementers"/> say it.</summary>
    public required string Site { get; init; }

    /// <summary>The arguments of <c>Begin</c>: session and user where they depend on the arguments.</summary>
    public required string BeginArguments { get; init; }

    /// <summary>Whether these arguments cost something, so that they are computed only when somebody listens.</summary>
    public required bool BeginIsCostly { get; init; }

    public required string Name { get; init; }

    /// <summary>Attributes of the method that the compiler or the trimmer must see on its stand-in too.</summary>
    public required EquatableArray<string> Attributes { get; init; }

    /// <summary><c>&lt;T, U&gt;</c>, of the containing types first; or nothing.</summary>
    public required string TypeParameters { get; init; }

    public required EquatableArray<string> Constraints { get; init; }

    public required string ReturnType { get; init; }

    public required ReturnShape Returns { get; init; }

    /// <summary>The type of the result or of the items, as JSON contexts name it; null where there is none to record.</summary>
    public required string? ResultType { get; init; }

    /// <summary>The declarations of the parameters, the receiver first.</summary>
    public required EquatableArray<string> Parameters { get; init; }

    public required EquatableArray<RecordedParameter> Recorded { get; init; }

    /// <summary>The call of the method itself.</summary>
    public required string Call { get; init; }

    /// <summary>The declaration of the accessor through which a method that is not accessible from outside is called; or null.</summary>
    public required string? Accessor { get; init; }

    /// <summary>The name of the parameter that is the receiver.</summary>
    public required string Receiver { get; init; }

    /// <summary>Where the attribute is not on this method but on implementations or overrides of it: their types, derived ones first.</summary>
    public required EquatableArray<Implementer> Implementers { get; init; }
}
