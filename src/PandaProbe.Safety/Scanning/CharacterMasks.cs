namespace PandaProbe.Safety.Scanning;

/// <summary>For 64 characters, one bit per character and class.</summary>
internal struct CharacterMasks
{
    /// <summary>Letters and digits of ASCII, <c>_</c>, <c>-</c> and <c>.</c>: what keys and tokens are made of.</summary>
    public ulong Token;

    /// <summary>0 to 9.</summary>
    public ulong Digit;

    /// <summary><c>@ : = %</c>.</summary>
    public ulong Sign;

    public ulong Dot;

    public ulong Dash;
}
