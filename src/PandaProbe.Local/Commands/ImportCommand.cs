using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>Reads lines of OTLP JSON into the running viewer, or into the store when none runs.</summary>
internal static class ImportCommand
{
    private const int MostAttempts = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error)
    {
        if (CommandOptions.TryParse(args, ["--store"], ["--json"], 1, out CommandOptions options) is { } problem || options.Rest.Count == 0)
        {
            await error.WriteLineAsync("Name the file to import, or - for the standard input.");
            return 2;
        }

        string directory = DataDirectory.Find();
        var running = RunningViewer.Read(directory);
        string path = Path.GetFullPath(options["--store"] ?? running?.Store ?? Path.Combine(directory, "traces.db"));
        try
        {
            using TextReader lines = options.Rest[0] == "-" ? input : new StreamReader(options.Rest[0]);
            bool isRunning = running is not null && running.Store == path;
            using HttpClient client = new() { BaseAddress = isRunning ? new Uri(running!.Http) : null };

            // What the file may hold is the viewer's decision, and not that of a program that only adds to it.
            await using var store = Store.Open(new(path) { Say = error.WriteLine, KeepBytes = long.MaxValue });
            OtlpIntake intake = new(store);
            Counts counts = await ReadAsync(lines, async line =>
            {
                if (TraceExtras.Read(line) is { } extras)
                {
                    await store.WriteAsync(extras);
                    return null;
                }

                byte[] json = Encoding.UTF8.GetBytes(line);
                bool isLogs = IsLogs(line);
                if (isRunning)
                    return await SendAsync(client, isLogs, json);

                Rejection rejection = isLogs
                    ? await intake.TakeAsync(OtlpJson.ReadLogs(json), json.Length)
                    : await intake.TakeAsync(OtlpJson.ReadTraces(json), json.Length);
                return rejection.Reason;
            });

            if (counts.Problem is not null)
                await error.WriteLineAsync(counts.Problem);
            string said = options.Has("--json")
                ? $$"""{"lines":{{counts.Lines}},"failed":{{counts.Failed}}}"""
                : $"{counts.Lines:N0} lines were imported{(counts.Failed > 0 ? $", {counts.Failed:N0} failed" : "")}.";
            await output.WriteLineAsync(said);
            return counts.Failed > 0 ? 1 : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StoreException or HttpRequestException)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task<Counts> ReadAsync(TextReader lines, Func<string, Task<string?>> take)
    {
        Counts counts = default;
        for (int number = 1; await lines.ReadLineAsync() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;

            string? problem;
            try
            {
                problem = await take(line);
            }
            catch (Exception exception) when (exception is JsonException or InvalidDataException or FormatException)
            {
                problem = exception.Message;
            }

            counts = problem is null
                ? counts with { Lines = counts.Lines + 1 }
                : counts with { Failed = counts.Failed + 1, Problem = counts.Problem ?? $"Line {number}: {problem}" };
        }

        return counts;
    }

    private static async Task<string?> SendAsync(HttpClient client, bool isLogs, byte[] json)
    {
        using MemoryStream packed = new();
        await using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            await zip.WriteAsync(json);
        for (int attempt = 1; ; attempt++)
        {
            using ByteArrayContent content = new(packed.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentEncoding.Add("gzip");
            using HttpResponseMessage response = await client.PostAsync(
                new Uri(isLogs ? "/v1/logs" : "/v1/traces", UriKind.Relative), content);
            string answer = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode)
                return answer.Contains("\"rejected", StringComparison.Ordinal) ? answer : null;
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == MostAttempts)
                return $"{(int)response.StatusCode} {answer}";

            // The viewer's writer is behind.
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    // The name of the first property tells. It can stand behind others in files of other programs.
    private static bool IsLogs(string line)
    {
        int logs = line.IndexOf("\"resourceLogs\"", StringComparison.Ordinal);
        return logs >= 0 && (line.IndexOf("\"resourceSpans\"", StringComparison.Ordinal) is var spans && (spans < 0 || logs < spans));
    }

    private readonly record struct Counts(long Lines, long Failed, string? Problem);
}
