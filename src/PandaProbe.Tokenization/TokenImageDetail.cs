namespace PandaProbe.Tokenization;

/// <summary>Specifies the level of detail at which a model reads an image.</summary>
public enum TokenImageDetail
{
    /// <summary>The model chooses: low if both sides are at most 512 pixels, otherwise high.</summary>
    Auto,

    /// <summary>A small version of the image. It costs 85 tokens.</summary>
    Low,

    /// <summary>Tiles of 512 pixels. They cost 85 tokens, and 170 for each tile.</summary>
    High,
}
