namespace PandaProbe.AspNetCore;

/// <summary>One process that calls, and one that is called and plays the model provider.</summary>
public sealed class TwoProcesses : IAsyncLifetime
{
    private readonly WebProcess _front = WebProcess.Start(new() { ["PANDAPROBE_PROPAGATION_HOSTS"] = "localhost,openai.com" });
    private readonly WebProcess _back = WebProcess.Start([]);

    public Uri Front { get; private set; } = null!;

    public Uri Back { get; private set; } = null!;

    public async Task InitializeAsync() => (Front, Back) = (await _front.ReadyAsync(), await _back.ReadyAsync());

    public async Task DisposeAsync()
    {
        await using (_front)
        await using (_back)
        {
        }
    }
}
