namespace PandaProbe;

/// <summary>Sets a variable of this process for a while: only in process-wide tests.</summary>
internal sealed class EnvironmentVariables : IDisposable
{
    private readonly string _name;
    private readonly string? _before;

    public EnvironmentVariables(string name, string? value)
    {
        _name = name;
        _before = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
}
