using System.Reflection;

namespace PandaProbe.Tests;

/// <summary>Compares the library under test with the text file beside its project, so that no public member changes unnoticed.</summary>
public sealed class PublicApiTests
{
    private const string Accept = "PANDAPROBE_ACCEPT_API";

    [Fact]
    public void The_public_api_is_the_one_that_was_reviewed()
    {
        string project = Repository.Metadata("ProjectUnderTest");
        string path = Path.Combine(Repository.Root, "src", project, "PublicAPI.txt");
        IReadOnlyList<string> actual = PublicApi.Of(Assembly.Load(new AssemblyName(project)));

        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            // The builds for several frameworks may get here at the same time.
            string draft = $"{path}.{Environment.ProcessId}";
            File.WriteAllText(draft, string.Concat(actual.Select(line => line + "\n")));
            File.Move(draft, path, overwrite: true);
            return;
        }

        string howTo = $"If that is intended, run `{Accept}=1 dotnet test`, read the change of src/{project}/PublicAPI.txt and commit it.";
        File.Exists(path).ShouldBeTrue(
            $"src/{project}/PublicAPI.txt does not exist: nobody has reviewed the public API of {project}. {howTo}");

        string[] reviewed = File.ReadAllLines(path);
        var differences = reviewed.Except(actual).Select(line => "- " + line).Concat(actual.Except(reviewed).Select(line => "+ " + line))
            .ToList();
        string message = differences.Count > 0 ? string.Join("\n", differences) : "The lines are the same, in another order.";
        reviewed.SequenceEqual(actual).ShouldBeTrue($"The public API of {project} has changed:\n{message}\n{howTo}");
    }
}
