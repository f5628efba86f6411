using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes;

/// <summary>The end of an answer that the recorded program did not read to its end.</summary>
internal static class RecordedEnd
{
    public const string StoppedByReader = "stopped by its reader";

    public static bool IsEarly(JsonObject response) => response["end"]?.GetValue<string>() == StoppedByReader;

    public static CassetteException Failure() => new(
        "The recording ends here, because the program that it was recorded with read no further.\n"
        + $"To have the rest, record again:  {CassetteEnvironment.RecordCommand}");
}
