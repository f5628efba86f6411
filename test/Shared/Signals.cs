using System.Diagnostics;

namespace PandaProbe;

/// <summary>
/// A shell starts what it runs in the background with SIGINT and SIGQUIT ignored, nohup with SIGHUP, and every process below inherits that.
/// A test that sends a signal starts its process without it.
/// </summary>
internal static class Signals
{
    private static readonly Lazy<bool> CanRestore = new(static () =>
    {
        using var env = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", "true"]) { RedirectStandardError = true });
        env!.WaitForExit();
        return env.ExitCode == 0;
    });

    public static void RestoreDefaults(ProcessStartInfo start)
    {
        if (!OperatingSystem.IsLinux() || !CanRestore.Value)
            return;

        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, "--default-signal=HUP,INT,QUIT,TERM");
        start.FileName = "env";
    }
}
