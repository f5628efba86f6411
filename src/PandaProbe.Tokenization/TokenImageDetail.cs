namespace PandaProbe.Tokenization;

/// <summary>How closely a model is asked to look at an image.</summary>
public enum TokenImageDetail
{
    /// <summary>Left to the model: low when both sides are at most 512 pixels, otherwise high.</summary>
    Auto,

    /// <summary>A small version of the image: 85 tokens.</summary>
    Low,

    /// <summary>Tiles of 512 pixels: 85 tokens and 170 for each tile.</summary>
    High,
}
