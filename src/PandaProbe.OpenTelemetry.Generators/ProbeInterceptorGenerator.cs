using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PandaProbe.Generators.Model;
using PandaProbe.Generators.Reading;
using PandaProbe.Generators.Writing;

namespace PandaProbe.Generators;

/// <summary>Replaces calls of methods with <c>[ProbeTrace]</c> or <c>[ProbeSpan]</c> by recording calls.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProbeInterceptorGenerator : IIncrementalGenerator
{
    private const string CallsStep = "Calls";
    private const string JsonStep = "JsonTypes";
    private const string SourceStep = "Source";
    private const string JsonSerializable = "System.Text.Json.Serialization.JsonSerializableAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // If the package's targets have not enabled the namespace, or the C# version is too old, the generated code would not compile.
        IncrementalValueProvider<bool> enabled = context.ParseOptionsProvider.Select(
            static (options, _) => Interceptors.WhyNot(options) is null);

        IncrementalValuesProvider<CallSite> calls = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => CallSiteReader.MayMatter(node),
                static (found, cancellation) =>
                    CallSiteReader.Read((InvocationExpressionSyntax)found.Node, found.SemanticModel, cancellation))
            .Where(static call => call is not null)!
            .WithTrackingName<CallSite>(CallsStep);

        IncrementalValuesProvider<KnownJsonType> known = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                JsonSerializable,
                static (node, _) => node is ClassDeclarationSyntax,
                static (found, cancellation) => JsonTypesOf(found))
            .SelectMany(static (types, _) => types)
            .WithTrackingName(JsonStep);

        IncrementalValueProvider<(EquatableArray<CallSite> Calls, EquatableArray<KnownJsonType> Known, bool Enabled)> all = calls.Collect()
            .Combine(known.Collect())
            .Combine(enabled)
            .Select(static (pair, _) => (
                new EquatableArray<CallSite>(pair.Left.Left), new EquatableArray<KnownJsonType>(pair.Left.Right), pair.Right))
            .WithTrackingName(SourceStep);

        context.RegisterImplementationSourceOutput(all, static (output, found) =>
        {
            if (found.Enabled && found.Calls.Length > 0)
                output.AddSource("PandaProbe.Interceptors.g.cs", InterceptorWriter.Write(found.Calls, found.Known));
        });
    }

    private static ImmutableArray<KnownJsonType> JsonTypesOf(GeneratorAttributeSyntaxContext found)
    {
        if (found.TargetSymbol is not INamedTypeSymbol { IsGenericType: false } context
            || !DerivesFromContext(context)
            || !found.SemanticModel.Compilation.IsSymbolAccessibleWithin(context, found.SemanticModel.Compilation.Assembly)
            || context.IsFileLocal)
        {
            return [];
        }

        string name = context.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return
        [
            .. found.Attributes
                .Select(data => data.ConstructorArguments is [{ Value: ITypeSymbol type }, ..] ? type : null)
                .Where(type => type is not null)
                .Select(type => new KnownJsonType(type!.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), name)),
        ];
    }

    private static bool DerivesFromContext(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (parent.Name == "JsonSerializerContext")
                return true;
        }

        return false;
    }
}
