namespace PandaProbe.Generators.Model;

/// <summary>A type whose method has the attribute, where a call names the method of an interface or a base class.</summary>
/// <param name="Type">The type, which the receiver is compared with at run time.</param>
/// <param name="Site">What <c>ProbeSite</c> is made of.</param>
/// <param name="BeginArguments">The arguments of <c>Begin</c>.</param>
internal sealed record Implementer(string Type, string Site, string BeginArguments);
