namespace PandaProbe.Conventions;

/// <summary>Attributes that no other convention defines.</summary>
internal static class Pandaprobe
{
    public const string TokenCountMethod = "pandaprobe.token_count_method";
    public const string CompletionStartTime = "pandaprobe.completion_start_time";
    public const string RetryCount = "pandaprobe.retry_count";

    public static class Safety
    {
        public const string Findings = "pandaprobe.safety.findings";
        public const string Types = "pandaprobe.safety.types";
        public const string Outcome = "pandaprobe.safety.outcome";
        public const string HasPersonalData = "llm.pii_detected";
        public const string IsInjection = "llm.injection_attempt";

        public static class Injection
        {
            public const string Score = "pandaprobe.safety.injection.score";
            public const string Rules = "pandaprobe.safety.injection.rules";
        }

        public static class Leak
        {
            public const string Words = "pandaprobe.safety.leak.words";
            public const string Share = "pandaprobe.safety.leak.share";
        }

        public static class Followed
        {
            public const string Kinds = "pandaprobe.safety.followed.kinds";
            public const string Spans = "pandaprobe.safety.followed.spans";
        }

        public static class Shared
        {
            public const string Types = "pandaprobe.safety.shared.types";
            public const string Hashes = "pandaprobe.safety.shared.hashes";
            public const string Spans = "pandaprobe.safety.shared.spans";
        }

        public static class Classifier
        {
            public const string Score = "pandaprobe.safety.classifier.score";
            public const string Label = "pandaprobe.safety.classifier.label";
        }
    }

    public static class Span
    {
        public const string Kind = "pandaprobe.span.kind";

        /// <summary>On spans that run, as they are sent to the local viewer only.</summary>
        public const string Pending = "pandaprobe.span.pending";
    }

    public static class Trace
    {
        public const string Status = "pandaprobe.trace.status";
    }

    public static class Cost
    {
        public const string Prefix = "pandaprobe.cost.";
        public const string Total = "pandaprobe.cost.total";
        public const string Source = "pandaprobe.cost.source";
        public const string PriceVersion = "pandaprobe.cost.price_version";
    }

    /// <summary>Names of metrics.</summary>
    public static class Client
    {
        public const string OperationCost = "pandaprobe.client.operation.cost";
    }

    public static class Usage
    {
        public const string Prefix = "pandaprobe.usage.";
    }

    public static class Metadata
    {
        public const string Prefix = "pandaprobe.metadata.";
        public const string ReasoningSummary = "pandaprobe.metadata.reasoning_summary";
    }

    public static class ModelParameters
    {
        public const string Prefix = "pandaprobe.model_parameters.";
    }
}
