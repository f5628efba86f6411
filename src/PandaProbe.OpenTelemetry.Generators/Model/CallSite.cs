namespace PandaProbe.Generators.Model;

/// <summary>Describes one call to replace.</summary>
/// <param name="Method">The called method.</param>
/// <param name="Location">The attribute that identifies the call to the compiler.</param>
/// <param name="Place">The file and line, for a comment.</param>
internal sealed record CallSite(InterceptedMethod Method, string Location, string Place);
