namespace PandaProbe;

/// <summary>Where messages are recorded.</summary>
public enum ProbeMessageContent
{
    /// <summary>On the attributes of spans.</summary>
    Spans,

    /// <summary>
    /// In the event <c>gen_ai.client.inference.operation.details</c> of each model call, and on no attribute of a span. The exporter to
    /// PandaProbe reads spans and so gets no content. Inputs and outputs of other spans are not recorded.
    /// </summary>
    Events,

    /// <summary>In both.</summary>
    SpansAndEvents,
}
