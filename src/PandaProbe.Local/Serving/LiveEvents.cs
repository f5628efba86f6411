using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Tells pages and terminals what changed, as server-sent events: at most one in 50 ms, with the number of the commit as its id. A client
/// that was away sends the last id that it saw, and gets what changed since.
/// </summary>
internal sealed class LiveEvents : IDisposable
{
    private const int MostTraces = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Store _store;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly List<Channel<bool>> _listeners = [];

    public LiveEvents(Store store)
    {
        _store = store;
        store.Committed += Wake;
    }

    public TimeProvider Time => _store.Time;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/events", ListenAsync);

    public void Dispose()
    {
        _store.Committed -= Wake;
        _ending.Cancel();
    }

    private void Wake(CommitNews news)
    {
        lock (_lock)
        {
            foreach (Channel<bool> listener in _listeners)
                listener.Writer.TryWrite(true);
        }
    }

    private async Task ListenAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _ending.Token);
        var wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_lock)
            _listeners.Add(wakes);
        try
        {
            await SendAsync(context, wakes.Reader, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the viewer ends.
        }
        finally
        {
            lock (_lock)
                _listeners.Remove(wakes);
        }
    }

    private async Task SendAsync(HttpContext context, ChannelReader<bool> wakes, CancellationToken cancellation)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        string last = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } header
            ? header : context.Request.Query["since"].ToString();
        long seen = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : Changes(long.MaxValue).Commit;
        await context.Response.WriteAsync($": commit {seen}\n\n", cancellation);
        await context.Response.Body.FlushAsync(cancellation);
        while (true)
        {
            CommitEvent changes = Changes(seen);
            if (changes.Commit > seen)
            {
                seen = changes.Commit;
                await context.Response.WriteAsync(
                    $"id: {seen}\nevent: commit\ndata: {JsonSerializer.Serialize(changes, ApiJson.Default.CommitEvent)}\n\n", cancellation);
                await context.Response.Body.FlushAsync(cancellation);
                await Task.Delay(Pause, _store.Time, cancellation);
            }
            else
            {
                using CancellationTokenSource quiet = new(Heartbeat, _store.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellation);
                try
                {
                    await wakes.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    await context.Response.WriteAsync(": still here\n\n", cancellation);
                    await context.Response.Body.FlushAsync(cancellation);
                }
            }
        }
    }

    /// <summary>Reads what changed behind a commit. Another process may have written it.</summary>
    private CommitEvent Changes(long since)
    {
        using SqliteConnection connection = _store.OpenReader();
        long commit = since == long.MaxValue ? Schema.Number(connection, "SELECT max(version) FROM trace") : since;
        List<string> traces = [];
        List<string> sessions = [];
        using (Statement changed = new(connection, "SELECT version, trace_id FROM trace WHERE version > ?1 ORDER BY version DESC LIMIT ?2"))
        {
            changed.Bind(1, since).Bind(2, (long)MostTraces);
            while (changed.Step())
            {
                commit = Math.Max(commit, changed.Long(0));
                traces.Add(Ids.Hex(changed.Id(1)));
            }
        }

        using (Statement changed = new(connection, "SELECT version, name FROM session WHERE version > ?1 ORDER BY version DESC LIMIT ?2"))
        {
            changed.Bind(1, since).Bind(2, (long)MostTraces);
            while (changed.Step())
            {
                commit = Math.Max(commit, changed.Long(0));
                sessions.Add(changed.Text(1)!);
            }
        }

        return new(commit, traces, sessions, traces.Count == MostTraces || sessions.Count == MostTraces);
    }
}

/// <summary>What changed behind the last event. When it is too much to name, the reader loads its lists again.</summary>
internal sealed record CommitEvent(long Commit, IReadOnlyList<string> Traces, IReadOnlyList<string> Sessions, bool IsPartial);
