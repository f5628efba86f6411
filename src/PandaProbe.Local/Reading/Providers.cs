namespace PandaProbe.Local.Reading;

/// <summary>Maps the names of providers to those of the conventions.</summary>
internal static class Providers
{
    public static string? Normalise(string? provider) => provider?.ToLowerInvariant() switch
    {
        null or "" => null,
        "az.ai.openai" or "azure" or "azure_openai" or "azure.openai" => "azure.ai.openai",
        "az.ai.inference" => "azure.ai.inference",
        "vertex_ai" or "vertexai" or "google.vertex" or "google-vertex" => "gcp.vertex_ai",
        "gemini" => "gcp.gemini",
        "google" or "google-gla" or "google.generative-ai" => "gcp.gen_ai",
        "xai" => "x_ai",
        "aws" or "bedrock" or "amazon-bedrock" => "aws.bedrock",
        "mistral" or "mistralai" => "mistral_ai",
        "watsonx" => "ibm.watsonx.ai",
        { } other => other,
    };
}
