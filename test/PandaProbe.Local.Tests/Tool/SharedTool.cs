namespace PandaProbe.Local.Tests.Tool;

/// <summary>One viewer for the tests of a class that do not end it.</summary>
public sealed class SharedTool : IAsyncLifetime
{
    internal RunningTool Tool { get; private set; } = null!;

    public async Task InitializeAsync() => Tool = await RunningTool.StartAsync();

    public async Task DisposeAsync() => await Tool.DisposeAsync();
}
