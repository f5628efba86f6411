using System.Runtime.InteropServices;

namespace PandaProbe.Tools.Mutations;

internal static class Program
{
    /// <summary>The tool starts itself as the host of the tests, in folders that lack the compiler.</summary>
    public static Task<int> Main(string[] args) =>
        args is [TestHost.Verb, var assembly] ? Task.FromResult(TestHost.Run(assembly)) : MeasureAsync(args);

    private static async Task<int> MeasureAsync(string[] args)
    {
        if (Settings.Parse(args) is not { } settings)
        {
            Console.Error.WriteLine(Settings.Usage);
            return 2;
        }

        using CancellationTokenSource stop = new();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await new Session(settings).RunAsync(stop.Token);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    }
}
