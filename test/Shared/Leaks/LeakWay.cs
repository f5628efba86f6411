namespace PandaProbe.Leaks;

/// <summary>How planted values are kept from leaving.</summary>
public enum LeakWay
{
    Masking,
    ContentOff,
    ThrowingRedactor,
}
