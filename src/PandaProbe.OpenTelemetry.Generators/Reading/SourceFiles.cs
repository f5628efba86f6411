using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>Tells properties of source files that affect call replacement.</summary>
internal static class SourceFiles
{
    private static readonly ConditionalWeakTable<Compilation, HashSet<SyntaxTree>> KnownTwins = new();
    private static readonly ConditionalWeakTable<SyntaxTree, object> KnownDynamic = new();

    /// <summary>
    /// Returns whether the Razor compiler wrote the file. It is a source generator, and generators do not see each other's output.
    /// </summary>
    public static bool IsRazor(SyntaxTree tree) =>
        tree.FilePath.EndsWith("_razor.g.cs", StringComparison.OrdinalIgnoreCase)
        || tree.FilePath.EndsWith("_cshtml.g.cs", StringComparison.OrdinalIgnoreCase)
        || tree.FilePath.EndsWith(".razor.g.cs", StringComparison.OrdinalIgnoreCase)
        || tree.FilePath.EndsWith(".cshtml.g.cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Returns whether another file has the same content. The compiler finds the file of a replaced call by its content hash.
    /// </summary>
    public static bool HasTwin(SyntaxTree tree, Compilation compilation) => KnownTwins.GetValue(compilation, Twins).Contains(tree);

    /// <summary>Returns whether a file may have expressions of type <c>dynamic</c>: its own, or those of a view's <c>ViewBag</c>.</summary>
    public static bool MayHaveDynamic(SyntaxTree tree) => (bool)KnownDynamic.GetValue(tree, static key =>
    {
        string text = key.GetText().ToString();
        return text.Contains("dynamic") || text.Contains("ViewBag");
    });

    private static HashSet<SyntaxTree> Twins(Compilation compilation) =>
    [
        .. compilation.SyntaxTrees.GroupBy(tree => tree.Length).Where(group => group.Skip(1).Any())
            .SelectMany(group => group.GroupBy(tree => Convert.ToBase64String([.. tree.GetText().GetContentHash()])))
            .Where(group => group.Skip(1).Any())
            .SelectMany(group => group),
    ];
}
