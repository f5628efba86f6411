namespace PandaProbe.Tokenization;

/// <summary>Specifies how tokens were counted.</summary>
public enum TokenCountMethod
{
    /// <summary>Estimated from the length of the text only, because no model was given.</summary>
    Unspecified,

    /// <summary>Counted with the model's own encoding.</summary>
    Tiktoken,

    /// <summary>Estimated from the length of the text, with a ratio for the model's family.</summary>
    Estimated,
}
