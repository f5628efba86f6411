namespace PandaProbe.TestBackend;

public enum FaultKind
{
    Answer,
    Reset,
    StoreThenReset,
    Hang,
    Drip,
    Truncate,
}
