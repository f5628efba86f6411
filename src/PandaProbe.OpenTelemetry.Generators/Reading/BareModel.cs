using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>Gets a semantic model without nullable analysis, because that analysis costs more than binding.</summary>
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
            // The compiler option is experimental, so a later compiler may lack it.
            return model;
        }
    }

#pragma warning disable RSEXPERIMENTAL001
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SemanticModel Bare(SemanticModel model) =>
        model.Compilation.GetSemanticModel(model.SyntaxTree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RSEXPERIMENTAL001
}
