using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Compiles a file as a test project would that has xunit and PandaProbe.Testing.</summary>
internal static class Compiler
{
    // This process runs on both, and on everything that they need.
    private static readonly Lazy<MetadataReference[]> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path))]);

    public static IEnumerable<string> Errors(string code)
    {
        var compilation = CSharpCompilation.Create(
            "Copied", [CSharpSyntaxTree.ParseText(code, new(LanguageVersion.Latest))], References.Value,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => $"{diagnostic} in:\n{code}");
    }
}
