namespace PandaProbe.Conventions;

/// <summary>Attributes of OpenTelemetry's general conventions, and the attributes of OpenInference that several backends read.</summary>
internal static class General
{
    public const string SessionId = "session.id";
    public const string UserId = "user.id";
    public const string ErrorType = "error.type";

    /// <summary>The list of tags in OpenInference. Langfuse, Phoenix and Datadog all read this name.</summary>
    public const string Tags = "tag.tags";

    public static class Service
    {
        public const string Name = "service.name";
        public const string Version = "service.version";
    }

    public static class Deployment
    {
        public const string EnvironmentName = "deployment.environment.name";
    }

    public static class Server
    {
        public const string Address = "server.address";
        public const string Port = "server.port";
    }

    public static class Exception
    {
        public const string EventName = "exception";
        public const string Type = "exception.type";
        public const string Message = "exception.message";
        public const string StackTrace = "exception.stacktrace";
    }

    public static class Input
    {
        public const string Value = "input.value";
        public const string MimeType = "input.mime_type";
    }

    public static class Output
    {
        public const string Value = "output.value";
        public const string MimeType = "output.mime_type";
    }

    public static class OpenInference
    {
        public const string SpanKind = "openinference.span.kind";

        /// <summary>The beginning of the attributes of a retrieved document. Its number follows.</summary>
        public const string DocumentPrefix = "retrieval.documents.";
    }

    public static class MimeTypes
    {
        public const string Json = "application/json";
        public const string Text = "text/plain";
    }
}
