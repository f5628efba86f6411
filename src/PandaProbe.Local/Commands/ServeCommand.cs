using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>Starts the viewer, and keeps it until Ctrl+C, SIGTERM or <c>stop</c>.</summary>
internal static class ServeCommand
{
    private const int PortStep = 10;
    private const int MostPairs = 20;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        if (ServeOptions.TryParse(args, out ServeOptions options) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 2;
        }

        string directory = DataDirectory.Find();
        string store = options.Store switch
        {
            null => Path.Combine(directory, "traces.db"),
            StoreOptions.InMemory => StoreOptions.InMemory,
            { } path => Path.GetFullPath(path),
        };

        // A second viewer with a store of its own is possible; it is only not the one that others find.
        using FileStream? heldLock = RunningViewer.TryLock(directory);
        if (heldLock is null && RunningViewer.Read(directory) is { } running && (options.Store is null || running.Store == store))
        {
            await output.WriteLineAsync($"The viewer runs already (process {running.ProcessId}).");
            await Greeting.WriteAsync(output, new(running.Http), new(running.Grpc), running.Store);
            return 0;
        }

        TaskCompletionSource ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            await using var opened = Store.Open(
                new(store) { Run = options.Run, KeepBytes = options.KeepBytes, KeepAge = options.KeepAge, Say = error.WriteLine });
            string secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            await using ViewerHost? host = await StartAsync(options, opened, secret, () => ending.TrySetResult(), error);
            if (host is null)
                return 1;

            if (heldLock is not null)
                new RunningViewer(Environment.ProcessId, host.Http.ToString(), host.Grpc.ToString(), opened.Path, secret).Write(directory);
            await Greeting.WriteAsync(
                output, host.Http, host.Grpc, options.Store == StoreOptions.InMemory ? StoreOptions.InMemory : opened.Path);
            _ = WarmUp.RunAsync(host.Http, opened);
            await ending.Task;
            if (heldLock is not null)
                RunningViewer.Delete(directory);
            return 0;
        }
        catch (StoreException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.TrySetResult();
        }
    }

    private static async Task<ViewerHost?> StartAsync(ServeOptions options, Store store, string secret, Action stop, TextWriter error)
    {
        (int port, int grpcPort) = (options.Port, options.GrpcPort);
        for (int attempt = 0; attempt < MostPairs; attempt++)
        {
            int taken = PortHolder.IsTaken(port) ? port : PortHolder.IsTaken(grpcPort) ? grpcPort : 0;
            if (taken == 0)
            {
                try
                {
                    return await ViewerHost.StartAsync(options, port, grpcPort, store, secret, stop);
                }
                catch (IOException exception)
                {
                    await error.WriteLineAsync(exception.Message);
                }
            }
            else
            {
                await error.WriteLineAsync($"Port {taken} is taken{(PortHolder.Find(taken) is { } holder ? $" by {holder}" : "")}.");
            }

            if (options.PortsAreGiven)
                return null;

            (port, grpcPort) = (port + PortStep, grpcPort + PortStep);
        }

        await error.WriteLineAsync($"No free pair of ports was found up to {port}. Name one with --port and --grpc-port.");
        return null;
    }
}
