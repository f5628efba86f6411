namespace PandaProbe.Generators.Model;

/// <summary>One call to replace: where it is, and which method it calls.</summary>
/// <param name="Method">The method.</param>
/// <param name="Location">The attribute that names the call to the compiler.</param>
/// <param name="Place">The same for people: file and line.</param>
internal sealed record CallSite(InterceptedMethod Method, string Location, string Place);
