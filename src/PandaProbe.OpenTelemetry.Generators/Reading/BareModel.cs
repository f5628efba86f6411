using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace PandaProbe.Generators.Reading;

/// <summary>A semantic model that does not follow what may be null through each method that it is asked about.</summary>
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
            // The option is an experiment of the compiler's: a later one may do without it.
            return model;
        }
    }

#pragma warning disable RSEXPERIMENTAL001
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SemanticModel Bare(SemanticModel model) =>
        model.Compilation.GetSemanticModel(model.SyntaxTree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RSEXPERIMENTAL001
}
