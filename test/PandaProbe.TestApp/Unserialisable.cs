namespace PandaProbe.TestApp;

internal sealed class Unserialisable
{
    public string Broken => throw new InvalidOperationException("This getter always throws.");
}
