namespace PandaProbe;

/// <summary>
/// Specifies the backends whose own attribute names are written beside those of the conventions, for
/// <see cref="PandaProbeOtlpOptions.Dialects"/>. Several can be combined.
/// </summary>
[Flags]
public enum ProbeDialects
{
    /// <summary>Only the conventions, and the few names that several backends read.</summary>
    None = 0,

    /// <summary>OpenInference: details of token counts and texts of embeddings, for Phoenix, Arize, Opik and Datadog.</summary>
    OpenInference = 1,

    /// <summary>Langfuse: metadata, parts of the cost, and the start of the answer.</summary>
    Langfuse = 2,

    /// <summary>Laminar: session, user, tags and metadata.</summary>
    Laminar = 4,

    /// <summary>LangSmith: session, user and tags.</summary>
    LangSmith = 8,

    /// <summary>MLflow: session and user.</summary>
    MLflow = 16,

    /// <summary>Weave by Weights &amp; Biases: session.</summary>
    Weave = 32,

    /// <summary>Pydantic Logfire: cost.</summary>
    Logfire = 64,
}
