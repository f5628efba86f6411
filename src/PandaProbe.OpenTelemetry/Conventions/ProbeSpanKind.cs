namespace PandaProbe;

/// <summary>Specifies the kind of a span. PandaProbe and other backends show each kind differently.</summary>
public enum ProbeSpanKind
{
    /// <summary>Any other step.</summary>
    Other,

    /// <summary>A call to a language model.</summary>
    Llm,

    /// <summary>A tool or function that ran.</summary>
    Tool,

    /// <summary>An agent that decides what to do next.</summary>
    Agent,

    /// <summary>A fixed sequence of steps: a pipeline or workflow.</summary>
    Chain,

    /// <summary>A search for documents or facts.</summary>
    Retriever,

    /// <summary>A call to an embedding model.</summary>
    Embedding,
}
