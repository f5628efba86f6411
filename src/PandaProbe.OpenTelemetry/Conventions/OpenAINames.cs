namespace PandaProbe.Conventions;

/// <summary>
/// OpenTelemetry semantic conventions for OpenAI, version 1.41.1.
/// https://github.com/open-telemetry/semantic-conventions/blob/v1.41.1/docs/gen-ai/openai.md
/// </summary>
internal static class OpenAINames
{
    public static class Api
    {
        public const string Type = "openai.api.type";
        public const string ChatCompletions = "chat_completions";
        public const string Responses = "responses";
    }

    public static class Request
    {
        public const string ServiceTier = "openai.request.service_tier";
    }

    public static class Response
    {
        public const string ServiceTier = "openai.response.service_tier";
        public const string SystemFingerprint = "openai.response.system_fingerprint";
    }
}
