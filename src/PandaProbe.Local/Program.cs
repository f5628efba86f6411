using PandaProbe.Local.Commands;

namespace PandaProbe.Local;

/// <summary>Runs the command that the arguments name.</summary>
internal static class Program
{
#pragma warning disable RS0030 // This is a program: its output is what it is for.
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(args, Console.In, Console.Out, Console.Error);
#pragma warning restore RS0030
}
