using System.Runtime.CompilerServices;

namespace PandaProbe.Tools.Mutations;

/// <summary>The changes that cannot be seen from outside, each with its reason: accepted.txt beside the tool.</summary>
internal static class Accepted
{
    private const string Because = " | because ";

    public static Dictionary<string, string> Read([CallerFilePath] string source = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(source)!, "accepted.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.LastIndexOf(Because, StringComparison.Ordinal) is var at and > 0
                ? (Name: line[..at], Why: line[(at + Because.Length)..])
                : throw new InvalidDataException($"accepted.txt gives no reason: {line}"))
            .ToDictionary(entry => entry.Name, entry => entry.Why);
}
