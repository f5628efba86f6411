using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PandaProbe.Generators.Reading;

/// <summary>Whether a project's compiler can replace calls.</summary>
internal static class Interceptors
{
    public const string Namespace = "PandaProbe.Generated";

    // Generated code has collection expressions.
    private const LanguageVersion Oldest = LanguageVersion.CSharp12;

    /// <summary>The reason, as the end of a sentence; null when it can.</summary>
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
