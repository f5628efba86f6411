using ModelContextProtocol.Server;
using PandaProbe.Local.Mcp;

namespace PandaProbe.Local.Commands;

/// <summary>
/// Serves the Model Context Protocol over the standard input and output, for coding agents that start their servers themselves.
/// </summary>
internal static class McpCommand
{
    public static async Task<int> RunAsync(string[] args, TextWriter error, TimeProvider time, CancellationToken cancellation)
    {
        if (CommandOptions.TryParse(args, ["--store"], [], 0, out CommandOptions options) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 2;
        }

        using var file = StoreFile.TryOpen(options["--store"], error);
        if (file is null)
            return 1;

        McpServerOptions server = ProbeServer.Options(file.OpenReader, () => file.Pages, time);
        await using StdioServerTransport transport = new("pandaprobe-local");
        await using var running = McpServer.Create(transport, server);
        try
        {
            await running.RunAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Interrupted: the usual end.
        }

        return 0;
    }
}
