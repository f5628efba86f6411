using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Holds a client's server address and the provider name derived from it.</summary>
internal readonly record struct Service(string Provider, string? Host, int Port)
{
    private static readonly string[] AzureDomains = [".azure.com", ".azure.us", ".azure.cn"];

    public static Service Of(object client, Uri? endpoint)
    {
        bool azure = (endpoint is not null
            && Array.Exists(AzureDomains, domain => endpoint.Host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)))
            || client.GetType().FullName?.StartsWith("Azure.", StringComparison.Ordinal) == true;
        return new(azure ? "azure.ai.openai" : "openai", endpoint?.Host, endpoint?.Port ?? 0);
    }

    /// <param name="kind">The kind of the call.</param>
    /// <param name="model">The requested model; <see langword="null"/> when the request shows it later.</param>
    /// <param name="api">The value of <c>openai.api.type</c>; <see langword="null"/> for an API without one.</param>
    public ModelCall Start(ProbeSpanKind kind, string? model, string? api)
    {
        var call = ModelCall.Start(kind, model, Provider);
        call.SetServer(Host, Port);
        call.Set(OpenAINames.Api.Type, api);
        return call;
    }
}
