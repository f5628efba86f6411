using System.Collections.Concurrent;
using System.Text.Json;

namespace PandaProbe.Local.Tests.Tool;

public sealed class KillTests
{
    private const int SpansOfRequest = 50;

    [Fact]
    public async Task What_was_acknowledged_survives_three_kills_under_load()
    {
        string directory = RunningTool.NewDirectory();
        try
        {
            await KillThreeTimesAsync(directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task KillThreeTimesAsync(string directory)
    {
        ConcurrentBag<string> acknowledged = [];
        int number = 0;
        for (int round = 0; round < 3; round++)
        {
            await using RunningTool tool = await RunningTool.StartAsync(directory);
            int before = acknowledged.Count;
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    string trace = $"{Interlocked.Increment(ref number):x16}{7:x16}";
                    try
                    {
                        await Payloads.SendAsync(tool, Payloads.Trace(trace, SpansOfRequest, "load"));
                    }
                    catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
                    {
                        return;
                    }

                    acknowledged.Add(trace);
                    if (acknowledged.Count - before >= 60)
                        enough.TrySetResult();
                }
            }))];
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(30));
            tool.Kill();
            await Task.WhenAll(senders);
        }

        await using RunningTool after = await RunningTool.StartAsync(directory);
        after.Errors.ShouldNotContain("damaged");
        HashSet<string> stored = [];
        string? next = null;
        do
        {
            JsonElement page = await after.GetAsync($"/api/traces?limit=500&after={next}");
            foreach (JsonElement trace in page.GetProperty("items").EnumerateArray())
            {
                trace.GetProperty("sums").GetProperty("spans").GetInt64()
                    .ShouldBe(SpansOfRequest, "a request is stored whole or not at all");
                stored.Add(trace.GetProperty("id").GetString()!).ShouldBeTrue();
            }

            next = page.TryGetProperty("next", out JsonElement key) ? key.GetString() : null;
        }
        while (next is not null);
        acknowledged.Where(trace => !stored.Contains(trace)).ShouldBeEmpty();
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(180);
        JsonElement session = (await after.GetAsync("/api/sessions")).GetProperty("items")[0];
        session.GetProperty("traces").GetInt64().ShouldBe(stored.Count);
    }
}
