namespace PandaProbe.Tools.Mutations;

internal enum Outcome
{
    Noticed,
    Survived,
    SetAside,
}
