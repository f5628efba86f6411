namespace PandaProbe.Tokenization;

/// <summary>How tokens were counted.</summary>
public enum TokenCountMethod
{
    /// <summary>Estimated from the length of the text alone, because no model was named.</summary>
    Unspecified,

    /// <summary>Counted with the model's own encoding.</summary>
    Tiktoken,

    /// <summary>Estimated from the length of the text, with a ratio that suits the model's family.</summary>
    Estimated,
}
