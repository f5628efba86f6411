namespace PandaProbe.Local.Commands;

/// <summary>Ends the viewer that runs.</summary>
internal static class StopCommand
{
    public static async Task<int> RunAsync(TextWriter output, TextWriter error)
    {
        string directory = DataDirectory.Find();
        using (FileStream? free = RunningViewer.TryLock(directory))
        {
            if (free is not null)
            {
                await output.WriteLineAsync("No viewer is running.");
                return 0;
            }
        }

        if (RunningViewer.Read(directory) is not { } running)
        {
            await error.WriteLineAsync("A viewer is starting or ending. Try again.");
            return 1;
        }

        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(new Uri(running.Http), "/api/stop"));
        request.Headers.Add(Serving.StatusApi.SecretHeader, running.Secret);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync($"The viewer at {running.Http} (process {running.ProcessId}) did not answer: {exception.Message}");
            return 1;
        }

        await output.WriteLineAsync($"The viewer at {running.Http} ends.");
        return 0;
    }
}
