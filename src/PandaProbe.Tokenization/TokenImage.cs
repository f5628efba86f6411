namespace PandaProbe.Tokenization;

/// <summary>An image in a chat message, as far as it matters to the number of tokens.</summary>
/// <param name="Detail">How closely the model is asked to look.</param>
/// <param name="Width">In pixels; 0 when not known.</param>
/// <param name="Height">In pixels; 0 when not known.</param>
public readonly record struct TokenImage(TokenImageDetail Detail = TokenImageDetail.Auto, int Width = 0, int Height = 0)
{
    private const int BaseTokens = 85, TileTokens = 170, TokensOfUnknownSize = 765;
    private const int LongSide = 2048, ShortSide = 768, TileSide = 512;

    /// <summary>The tokens of the image by OpenAI's tile rule; 765, those of a square one, when its size is not known.</summary>
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
            var scale = Math.Min(1, LongSide / Math.Max(width, height));
            scale *= Math.Min(1, ShortSide / (Math.Min(width, height) * scale));
            return BaseTokens + TileTokens * Tiles(width * scale) * Tiles(height * scale);
        }
    }

    // Rounded first, because 1024 scaled down and up again gives 1024.0000000001, which would count one tile more.
    private static int Tiles(double side) => (int)Math.Ceiling(Math.Round(side, 6) / TileSide);
}
