namespace PandaProbe.Local.Browser.Tests;

/// <summary>A test that needs a browser. A machine without Chromium says so and skips it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class BrowserFactAttribute : FactAttribute
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    public BrowserFactAttribute()
    {
        if (Executable is null)
        {
            Skip = $"No Chromium on this machine: looked for {string.Join(", ", Names)} in PATH, and at PANDAPROBE_CHROMIUM.";
        }
    }

    /// <summary>Gets the system's Chromium; <see langword="null"/> when there is none.</summary>
    public static string? Executable { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PANDAPROBE_CHROMIUM") is { Length: > 0 } given)
        {
            return given;
        }

        string[] folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return (from name in Names from folder in folders select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}

/// <summary>A test that takes long, and runs only when it is asked for: <c>PANDAPROBE_BIG=1</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BigBrowserFactAttribute : BrowserFactAttribute
{
    public const string Variable = "PANDAPROBE_BIG";

    public BigBrowserFactAttribute()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "1")
        {
            Skip ??= $"Set {Variable}=1 to run it.";
        }
    }
}
