using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Asks the viewer for its latest trace as a browser would: for the spans, and for the page. The first answers compile most code of the
/// viewer, which takes several times what they take; so a person does not wait for it. In a new store the first trace is waited for.
/// </summary>
internal static class WarmUp
{
    public static async Task RunAsync(Uri viewer, Store store)
    {
        TaskCompletionSource<UInt128> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Committed += Note;
        try
        {
            string trace = Latest(store) ?? Ids.Hex(await first.Task);

            // HttpClient has to be compiled as well, and takes as long as the answers.
            using TcpClient client = new();
            await client.ConnectAsync(viewer.Host, viewer.Port);
            await using NetworkStream stream = client.GetStream();
            string spans = $"GET /api/traces/{trace} HTTP/1.1\r\nHost: {viewer.Authority}\r\n\r\n";
            string page = $"GET /traces/{trace} HTTP/1.1\r\nHost: {viewer.Authority}\r\nAccept: text/html\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(spans + page));
            await stream.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is IOException or SocketException or SqliteException)
        {
            // The viewer ends already, or its file is damaged, which the first request tells.
        }
        finally
        {
            store.Committed -= Note;
        }

        void Note(CommitNews news)
        {
            if (news.Traces is [UInt128 trace, ..])
                first.TrySetResult(trace);
        }
    }

    private static string? Latest(Store store)
    {
        using SqliteConnection connection = store.OpenReader();
        return TraceList.Read(connection, new(), 1, null).Items is [{ } latest] ? latest.Id : null;
    }
}
