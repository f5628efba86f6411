using System.Runtime.InteropServices;

namespace PandaProbe.Local.Commands;

/// <summary>Finds the command that the first argument names. Without one, the viewer is started.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error)
    {
        string command = args is [{ } first, ..] && !first.StartsWith('-') ? first : "serve";
        string[] rest = args is [{ } given, ..] && given == command ? args[1..] : args;
        switch (command)
        {
            case "serve" when rest is not (["--help"] or ["-h"]):
                return await ServeCommand.RunAsync(rest, output, error);
            case "stop":
                return await StopCommand.RunAsync(output, error);
            case "list":
                return await ListCommand.RunAsync(rest, output, error, TimeProvider.System);
            case "show":
                return await ShowCommand.RunAsync(rest, output, error, TimeProvider.System);
            case "tail":
                return await UntilInterruptedAsync(
                    cancellation => TailCommand.RunAsync(rest, output, error, TimeProvider.System, cancellation));
            case "export":
                return await ExportCommand.RunAsync(rest, output, error);
            case "import":
                return await ImportCommand.RunAsync(rest, input, output, error);
            case "mcp":
                return await UntilInterruptedAsync(cancellation => McpCommand.RunAsync(rest, error, TimeProvider.System, cancellation));
            case "serve" or "help":
                await output.WriteLineAsync(Usage);
                return 0;
            default:
                await error.WriteLineAsync($"There is no command '{command}'.\n\n{Usage}");
                return 2;
        }
    }

    private const string Usage = """
        pandaprobe-local [serve]    receives traces and shows them
          --port N                  HTTP: OTLP, PandaProbe's REST API, pages (4318)
          --grpc-port N             OTLP over gRPC (4317)
          --store PATH              the file that keeps the traces; ":memory:" keeps them until the end
          --run NAME                names what is received from now on
          --keep-bytes N            deletes the oldest traces above this size, e.g. 500MB (2GB)
          --keep-days N             deletes traces older than this (never)
          --listen ADDRESS          listens on this address instead of loopback; needs --token
          --token TEXT              what clients beyond this machine must send as "Authorization: Bearer"
        pandaprobe-local stop       ends the running viewer
        pandaprobe-local list       lists the latest traces
          --sessions                lists sessions instead
          --errors --session ID --user ID --name TEXT --model NAME --tag TAG --run NAME
          --limit N --after KEY     a page of N (20), the one behind KEY
        pandaprobe-local show [ID]  shows a trace (the beginning of its id is enough) or all of a session; the latest trace without an id
        pandaprobe-local tail       shows traces as they end; --errors, --session ID
        pandaprobe-local export ID… writes traces as lines of OTLP JSON; --session ID, --all, --out FILE
        pandaprobe-local import F   reads lines of OTLP JSON; - is the standard input
        pandaprobe-local mcp        serves coding agents over the standard input and output

        --json                      answers in JSON: list, show, tail, import
        --store PATH                reads another file than the viewer's
        """;

    private static async Task<int> UntilInterruptedAsync(Func<CancellationToken, Task<int>> run)
    {
        using CancellationTokenSource ending = new();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return await run(ending.Token);

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }
}
