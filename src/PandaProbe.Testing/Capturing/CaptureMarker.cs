namespace PandaProbe.Testing;

/// <summary>Says whose test an <see cref="ExecutionContext"/> belongs to: the innermost capture, and those around it.</summary>
internal sealed record CaptureMarker(ProbeCapture Capture, CaptureMarker? Outer)
{
    private static readonly AsyncLocal<CaptureMarker?> Here = new();

    public static CaptureMarker? Current
    {
        get => Here.Value;
        set => Here.Value = value;
    }

    public IEnumerable<ProbeCapture> All => Outer is null ? [Capture] : Outer.All.Prepend(Capture);
}
