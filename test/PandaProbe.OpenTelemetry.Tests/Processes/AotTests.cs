using System.Diagnostics;

namespace PandaProbe.Tests.Processes;

public sealed class AotTests
{
    [AotFact]
    public async Task Compiled_ahead_of_time_a_plain_using_marks_no_error_and_a_warning_says_so_once()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("pandaprobe-aot-");
        try
        {
            string project = Path.Combine(Repository.Root, "test/PandaProbe.AotApp/PandaProbe.AotApp.csproj");
            string output = Path.Combine(directory.FullName, "out");

            // Outputs of its own: the other build of the library, and its restore, stay as they are.
            await Run("dotnet", "publish", project, "-c", "Release", "-r", "linux-x64", "-nodeReuse:false", "--artifacts-path",
                directory.FullName, "-o", output);
            string printed = await Run(Path.Combine(output, "PandaProbe.AotApp"));

            printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            [
                "warning: ExceptionsNotSeen",
                "using: Unset", "delegate: Error broken", "unharmed: Unset",
                "using: Unset", "delegate: Error broken", "unharmed: Unset",
                """{"to":"[EMAIL]","card":"[CARD]","call":"[PHONE]"}""", "token [SECRET], password=[PASSWORD], [CRYPTO]", "True",
            ]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, printed + await errors);
        return printed;
    }

    /// <summary>Publishing takes a minute and more.</summary>
    private sealed class AotFactAttribute : FactAttribute
    {
        private const string Variable = "PANDAPROBE_AOT_TESTS";

        public AotFactAttribute()
        {
            if (Environment.GetEnvironmentVariable(Variable) != "1")
                Skip = $"Publishes a native program, which takes a minute and more: set {Variable}=1 to run it.";
            else if (!OperatingSystem.IsLinux() || !IsInPath("clang", "gcc"))
                Skip = "Needs Linux and a linker: clang or gcc.";
        }

        private static bool IsInPath(params string[] programs) =>
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(directory => programs.Any(program => File.Exists(Path.Combine(directory, program))));
    }
}
