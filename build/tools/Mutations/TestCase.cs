namespace PandaProbe.Tools.Mutations;

/// <summary>One test as the first run saw it.</summary>
/// <param name="Project">The name of its assembly.</param>
/// <param name="Id">What xunit calls it: the same in every process.</param>
/// <param name="Reached">The pieces of the library's code that it reached, as <c>method:piece,piece;…</c>.</param>
internal sealed record TestCase(string Project, string Class, string Id, string Name, double Milliseconds, bool Failed, string Reached)
{
    public string ShortClass => Class[(Class.LastIndexOf('.') + 1)..];
}
