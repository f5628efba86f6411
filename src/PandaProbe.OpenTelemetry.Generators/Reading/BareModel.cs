using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>A semantic model without nullable analysis, which costs more than binding.</summary>
internal static class BareModel
{
    private static readonly ConditionalWeakTable<SemanticModel, SemanticModel> Known = new();

    public static SemanticModel Of(SemanticModel model) => Known.GetValue(model, Make);

    private static SemanticModel Make(SemanticModel model)
    {
        try
        {
            return Bare(model);
        }
        catch (MissingMethodException)
        {
            // The option is experimental: a later compiler may not have it.
            return model;
        }
    }

#pragma warning disable RSEXPERIMENTAL001
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SemanticModel Bare(SemanticModel model) =>
        model.Compilation.GetSemanticModel(model.SyntaxTree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RSEXPERIMENTAL001
}
