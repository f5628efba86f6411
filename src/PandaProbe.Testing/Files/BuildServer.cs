namespace PandaProbe.Testing;

/// <summary>Tells whether the tests run on a build server, where nothing is recorded or updated.</summary>
internal static class BuildServer
{
    // What GitHub, GitLab, CircleCI, Azure Pipelines, TeamCity, Jenkins, AppVeyor, Buildkite and AWS CodeBuild set.
    private static readonly string[] Variables =
    [
        "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "JENKINS_URL", "BUILD_BUILDID", "APPVEYOR", "BUILDKITE",
        "CODEBUILD_BUILD_ID",
    ];

    /// <param name="environment">Reads a variable of the environment.</param>
    public static bool IsThis(Func<string, string?> environment) =>
        Variables.Any(name => environment(name) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase)
            && value != "0");
}
