using System.Text.Json;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>The viewer's own live events: what a page waits on.</summary>
internal sealed class Changes(RunningTool tool, HttpResponseMessage response, StreamReader events) : IAsyncDisposable
{
    public static async Task<Changes> ListenAsync(RunningTool tool)
    {
        HttpResponseMessage response = await tool.Client.GetAsync("/api/events?since=0", HttpCompletionOption.ResponseHeadersRead);
        return new(tool, response, new(await response.Content.ReadAsStreamAsync()));
    }

    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isThere)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            using HttpResponseMessage answer = await tool.Client.GetAsync(path, patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                var found = JsonElement.Parse(await answer.Content.ReadAsStringAsync(patience.Token));
                if (isThere(found))
                    return found;
            }

            while (!(await events.ReadLineAsync(patience.Token) ?? "").StartsWith("data: ", StringComparison.Ordinal))
            {
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        events.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
