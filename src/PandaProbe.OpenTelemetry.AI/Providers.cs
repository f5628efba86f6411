namespace PandaProbe.AI;

/// <summary>Maps the provider names of chat clients to those of the semantic conventions.</summary>
internal static class Providers
{
    public static string? Name(string? provider) => provider?.ToLowerInvariant() switch
    {
        null or "" => null,
        "gemini" or "google" or "google.gemini" or "google_genai" or "googleai" => "gcp.gemini",
        "vertex" or "vertexai" or "vertex_ai" or "google.vertex" => "gcp.vertex_ai",
        "mistral" or "mistralai" => "mistral_ai",
        "bedrock" or "aws" or "amazon.bedrock" or "awsbedrock" => "aws.bedrock",
        "azure.openai" or "azureopenai" or "az.ai.openai" => "azure.ai.openai",
        "az.ai.inference" or "azureai" => "azure.ai.inference",
        "xai" => "x_ai",
        { } name => name,
    };
}
