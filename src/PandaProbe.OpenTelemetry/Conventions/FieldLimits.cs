namespace PandaProbe.Conventions;

/// <summary>The limits of PandaProbe's API. It refuses a whole trace when one field is too long.</summary>
internal static class FieldLimits
{
    public const int Name = 512;
    public const int Short = 255;
    public const int SpansPerRequest = 500;
}
