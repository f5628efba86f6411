namespace PandaProbe.Local.Reading;

/// <summary>Specifies what a span stands for. The names in upper case are PandaProbe's own.</summary>
internal enum StepKind
{
    Other,
    Trace,
    Llm,
    Tool,
    Agent,
    Chain,
    Retriever,
    Embedding,
}
