namespace PandaProbe.Testing.Cassettes;

/// <summary>The mode that options and environment together ask for.</summary>
internal static class CassetteEnvironment
{
    public const string Variable = "PANDAPROBE_CASSETTES";

    public const string RecordCommand = $"{Variable}=record dotnet test";

    public static CassetteMode Mode(CassetteOptions options, Func<string, string?> read)
    {
        CassetteMode mode = read(Variable)?.Trim().ToLowerInvariant() switch
        {
            null or "" => options.Mode ?? CassetteMode.Replay,
            "replay" => CassetteMode.Replay,
            "record" => CassetteMode.Record,
            "auto" => CassetteMode.Auto,
            string other => throw new CassetteException(
            $"The environment variable {Variable} is '{other}', and should be replay, record or auto."),
        };
        return BuildServer.IsThis(read) && !options.RecordOnBuildServer ? CassetteMode.Replay : mode;
    }
}
