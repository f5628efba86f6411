using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>Shows traces as they end.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A trace whose root never comes is shown after this long without another span.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, TimeProvider time, CancellationToken cancellation)
    {
        if (CommandOptions.TryParse(args, ["--session", "--store"], ["--json", "--errors"], 0, out CommandOptions options) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 2;
        }

        using var file = StoreFile.TryOpen(options["--store"], error);
        if (file is null)
            return 1;

        long seen = Schema.Number(file.Connection, "SELECT coalesce(max(version), 0) FROM trace");
        string? session = null;
        Dictionary<UInt128, (long Version, DateTimeOffset Since)> waiting = [];
        HashSet<UInt128> shown = [];
        try
        {
            while (true)
            {
                await Task.Delay(Pause, time, cancellation);
                DateTimeOffset now = time.GetUtcNow();
                seen = Changed(file.Connection, seen, (id, version) =>
                {
                    if (!shown.Contains(id))
                        waiting[id] = (version, now);
                });
                foreach ((UInt128 id, (long _, DateTimeOffset since)) in waiting.ToArray())
                {
                    // Spans of one trace come in several requests. What changed just now may be one of them.
                    if (since == now || TraceList.Find(file.Connection, id) is not { } trace)
                        continue;
                    if (trace.Status is "RUNNING" or "PENDING" && now - since < Quiet)
                        continue;

                    waiting.Remove(id);
                    shown.Add(id);
                    if (IsWanted(trace, options))
                        Show(trace);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }

        void Show(TraceItem trace)
        {
            if (options.Has("--json"))
            {
                output.WriteLine(ShowCommand.Json(file, trace, time));
            }
            else
            {
                if (session != (trace.Session ?? ""))
                    TreeText.WriteHeading(output, trace.Session, trace.User);
                session = trace.Session ?? "";
                ShowCommand.Write(output, file, trace, time);
            }

            output.Flush();
        }
    }

    private static bool IsWanted(TraceItem trace, CommandOptions options) =>
        (!options.Has("--errors") || trace.Status == "ERROR" || trace.Sums.Errors > 0)
            && (options["--session"] is not { } session || trace.Session == session);

    private static long Changed(SqliteConnection connection, long seen, Action<UInt128, long> each)
    {
        using Statement rows = new(connection, "SELECT version, trace_id FROM trace WHERE version > ?1 ORDER BY version");
        rows.Bind(1, seen);
        while (rows.Step())
        {
            seen = Math.Max(seen, rows.Long(0));
            each(rows.Id(1), rows.Long(0));
        }

        return seen;
    }
}
