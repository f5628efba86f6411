using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PandaProbe.Generators.Reading;

/// <summary>Tells whether a project's compiler supports interceptors.</summary>
internal static class Interceptors
{
    public const string Namespace = "PandaProbe.Generated";

    // Generated code uses collection expressions.
    private const LanguageVersion Oldest = LanguageVersion.CSharp12;

    /// <summary>Returns the reason as the end of a sentence; null if interceptors work.</summary>
    public static string? WhyNot(ParseOptions options)
    {
        if (options is CSharpParseOptions { LanguageVersion: < Oldest } csharp)
        {
            return $"the project is compiled as C# {csharp.LanguageVersion.ToDisplayString()}, and tracing by attribute needs C# 12;"
                + " set <LangVersion>12.0</LangVersion> or later";
        }

        return options.Features.TryGetValue("InterceptorsNamespaces", out string? namespaces)
            && namespaces.Split(';').Any(name => name.Trim() is Namespace or "PandaProbe")
            ? null
            : $"'{Namespace}' is not among the project's <InterceptorsNamespaces>, where the package PandaProbe.OpenTelemetry puts it; add it";
    }
}
