namespace PandaProbe.Conventions;

/// <summary>What PandaProbe's API takes: one field that is too long makes it refuse the whole trace.</summary>
internal static class FieldLimits
{
    public const int Name = 512;
    public const int Short = 255;
    public const int SpansPerRequest = 500;
}
