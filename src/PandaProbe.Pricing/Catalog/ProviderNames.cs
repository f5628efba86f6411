namespace PandaProbe.Pricing;

/// <summary>Maps provider names in telemetry to those of the price book.</summary>
internal static class ProviderNames
{
    /// <summary>Local model servers, and sellers that the price book does not list.</summary>
    private static readonly string[] WithoutPrices =
    [
        "ollama", "lmstudio", "lm-studio", "lm_studio", "llama.cpp", "llamacpp", "llama_cpp", "llamafile", "vllm", "local", "onnx",
        "perplexity", "watsonx", "openrouter", "together", "fireworks", "cerebras", "moonshot", "huggingface", "replicate", "deepinfra",
        "novita", "sambanova", "nvidia", "databricks", "github",
    ];

    /// <summary>
    /// Returns the price book's id for a well-known name; for any other, the name itself. The name must be lower-cased and trimmed.
    /// </summary>
    internal static string ToPriceBookId(string name) => name switch
    {
        "aws.bedrock" or "aws_bedrock" => "aws",
        "gcp.gemini" or "gcp.vertex_ai" or "gcp.gen_ai" or "vertex_ai" => "google",
        "mistral_ai" => "mistral",
        "x_ai" or "xai" => "x-ai",

        // Azure comes first, because its names often end in "openai".
        _ when name.StartsWith("az.ai.", StringComparison.Ordinal) || name.Contains("azure", StringComparison.Ordinal) => "azure",
        _ => name,
    };

    internal static bool IsKnownToHaveNoPrices(string name)
    {
        foreach (string other in WithoutPrices)
        {
            if (name.Contains(other, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
