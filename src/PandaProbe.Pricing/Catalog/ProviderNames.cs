namespace PandaProbe.Pricing;

/// <summary>Brings the names under which telemetry knows providers to the names that the price book uses.</summary>
internal static class ProviderNames
{
    /// <summary>Programs that run models on one's own machines, and sellers whose prices the price book does not have.</summary>
    private static readonly string[] WithoutPrices =
    [
        "ollama", "lmstudio", "lm-studio", "lm_studio", "llama.cpp", "llamacpp", "llama_cpp", "llamafile", "vllm", "local", "onnx",
        "perplexity", "watsonx", "openrouter", "together", "fireworks", "cerebras", "moonshot", "huggingface", "replicate", "deepinfra",
        "novita", "sambanova", "nvidia", "databricks", "github",
    ];

    /// <summary>The price book's id for a well-known name (lower-cased and trimmed), or the name itself.</summary>
    internal static string ToPriceBookId(string name) => name switch
    {
        "aws.bedrock" or "aws_bedrock" => "aws",
        "gcp.gemini" or "gcp.vertex_ai" or "gcp.gen_ai" or "vertex_ai" => "google",
        "mistral_ai" => "mistral",
        "x_ai" or "xai" => "x-ai",

        // Before anything else looks at the name, which often ends in "openai".
        _ when name.StartsWith("az.ai.", StringComparison.Ordinal) || name.Contains("azure", StringComparison.Ordinal) => "azure",
        _ => name,
    };

    internal static bool IsKnownToHaveNoPrices(string name)
    {
        foreach (var other in WithoutPrices)
        {
            if (name.Contains(other, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
