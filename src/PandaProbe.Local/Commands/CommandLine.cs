namespace PandaProbe.Local.Commands;

/// <summary>Finds the command that the first argument names. Without one, the viewer is started.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        string command = args is [{ } first, ..] && !first.StartsWith('-') ? first : "serve";
        string[] rest = args is [{ } given, ..] && given == command ? args[1..] : args;
        switch (command)
        {
            case "serve" when rest is not (["--help"] or ["-h"]):
                return await ServeCommand.RunAsync(rest, output, error);
            case "stop":
                return await StopCommand.RunAsync(output, error);
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
        """;
}
