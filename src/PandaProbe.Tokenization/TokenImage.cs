namespace PandaProbe.Tokenization;

/// <summary>An image in a chat message, with the properties that determine its tokens.</summary>
/// <param name="Detail">The requested level of detail.</param>
/// <param name="Width">The width in pixels; 0 if unknown.</param>
/// <param name="Height">The height in pixels; 0 if unknown.</param>
public readonly record struct TokenImage(TokenImageDetail Detail = TokenImageDetail.Auto, int Width = 0, int Height = 0)
{
    private const int BaseTokens = 85, TileTokens = 170, TokensOfUnknownSize = 765;
    private const int LongSide = 2048, ShortSide = 768, TileSide = 512;

    /// <summary>Gets the tokens of the image by OpenAI's tile rule. If the size is unknown, 765, the tokens of a square image.</summary>
    public int Tokens
    {
        get
        {
            if (Detail == TokenImageDetail.Low)
                return BaseTokens;
            if (Width <= 0 || Height <= 0)
                return TokensOfUnknownSize;
            if (Detail == TokenImageDetail.Auto && Width <= TileSide && Height <= TileSide)
                return BaseTokens;

            double width = Width, height = Height;
            double scale = Math.Min(1, LongSide / Math.Max(width, height));
            scale *= Math.Min(1, ShortSide / (Math.Min(width, height) * scale));
            return BaseTokens + TileTokens * Tiles(width * scale) * Tiles(height * scale);
        }
    }

    // Scaling 1024 down and up again gives 1024.0000000001. Without rounding, that would be one tile more.
    private static int Tiles(double side) => (int)Math.Ceiling(Math.Round(side, 6) / TileSide);
}
