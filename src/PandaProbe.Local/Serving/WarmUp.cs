using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>
/// Asks the viewer for its latest trace as a page would. The first answer compiles most code of the viewer, which takes several times what
/// the trace takes; so a person does not wait for it. A new store has nothing to show, and nothing is done.
/// </summary>
internal static class WarmUp
{
    public static async Task RunAsync(Uri viewer, Store store)
    {
        try
        {
            if (Latest(store) is not { } trace)
                return;

            // HttpClient has to be compiled as well, and takes as long as the answer.
            using TcpClient client = new();
            await client.ConnectAsync(viewer.Host, viewer.Port);
            await using NetworkStream stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"GET /api/traces/{trace} HTTP/1.1\r\nHost: {viewer.Authority}\r\nConnection: close\r\n\r\n"));
            await stream.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is IOException or SocketException or SqliteException)
        {
            // The viewer ends already, or its file is damaged, which the first request tells.
        }
    }

    private static string? Latest(Store store)
    {
        using SqliteConnection connection = store.OpenReader();
        return TraceList.Read(connection, new(), 1, null).Items is [{ } latest] ? latest.Id : null;
    }
}
