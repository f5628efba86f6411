namespace PandaProbe.Generators.Model;

/// <summary>Describes a type with the attribute on its method, for calls through an interface or a base class.</summary>
/// <param name="Type">The type. The receiver is compared with it at run time.</param>
/// <param name="Site">The constructor arguments of <c>ProbeSite</c>.</param>
/// <param name="BeginArguments">The arguments of <c>Begin</c>.</param>
internal sealed record Implementer(string Type, string Site, string BeginArguments);
