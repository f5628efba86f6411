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

    public ModelCall Start(string name, ProbeSpanKind kind, string? model)
    {
        var call = ModelCall.Start(name, kind, model, Provider);
        call.SetServer(Host, Port);
        return call;
    }
}
