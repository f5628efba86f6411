namespace PandaProbe.Testing.Cassettes;

/// <summary>The mode that options and environment together ask for.</summary>
internal static class CassetteEnvironment
{
    public const string Variable = "PANDAPROBE_CASSETTES";

    // What GitHub, GitLab, CircleCI, Azure Pipelines, TeamCity, Jenkins and AWS CodeBuild set.
    private static readonly string[] BuildServers =
        ["CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "JENKINS_URL", "BUILD_BUILDID", "CODEBUILD_BUILD_ID"];

    public static CassetteMode Mode(CassetteOptions options, Func<string, string?> read)
    {
        CassetteMode mode = read(Variable)?.Trim().ToLowerInvariant() switch
        {
            null or "" => options.Mode ?? CassetteMode.Replay,
            "replay" => CassetteMode.Replay,
            "record" => CassetteMode.Record,
            "auto" => CassetteMode.Auto,
            string other => throw new CassetteException($"{Variable} is '{other}'. It takes replay, record or auto."),
        };
        return IsBuildServer(read) && !options.RecordOnBuildServer ? CassetteMode.Replay : mode;
    }

    private static bool IsBuildServer(Func<string, string?> read) =>
        BuildServers.Any(name => read(name) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase)
            && value != "0");
}
