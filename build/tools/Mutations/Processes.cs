using System.Diagnostics;

namespace PandaProbe.Tools.Mutations;

internal static class Processes
{
    /// <summary>What a program writes. It ends with its children when nobody waits any more.</summary>
    public static async Task<string> OutputOfAsync(string program, string folder, IEnumerable<string> arguments, CancellationToken stop)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{output}");
        }
        finally
        {
            Kill(process);
        }
    }

    public static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }
}
