using System.Reflection;
using System.Xml.Linq;

namespace PandaProbe;

/// <summary>Dependencies point one way: providers, core, tokenization, pricing and safety.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void The_core_needs_OpenTelemetry_the_hosts_abstractions_and_the_tokenizer_the_prices_the_masking_and_no_providers_package()
    {
        References("PandaProbe.OpenTelemetry", "PackageReference")
            .ShouldBe(["Microsoft.Extensions.Hosting.Abstractions", "OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol"]);
        References("PandaProbe.OpenTelemetry", "ProjectReference")
            .ShouldBe(["PandaProbe.Pricing", "PandaProbe.Safety", "PandaProbe.Tokenization"]);
        Assemblies(typeof(Probe).Assembly).ShouldAllBe(name =>
            name.StartsWith("System") || name.StartsWith("Microsoft.Extensions.") && !name.StartsWith("Microsoft.Extensions.AI")
                || name.StartsWith("OpenTelemetry") || name == "PandaProbe.Pricing" || name == "PandaProbe.Safety"
                || name == "PandaProbe.Tokenization");
    }

    [Theory]
    [InlineData("PandaProbe.Pricing")]
    [InlineData("PandaProbe.Safety")]
    [InlineData("PandaProbe.Tokenization")]
    public void The_tokenizer_the_prices_and_the_masking_need_nothing(string project)
    {
        References(project, "PackageReference").ShouldBeEmpty();
        References(project, "ProjectReference").ShouldBeEmpty();
        Assemblies(Assembly.Load(project)).ShouldAllBe(name => name.StartsWith("System"));
    }

    [Fact]
    public void Only_providers_and_integrations_build_on_the_core_and_never_on_each_other()
    {
        // Projects that run inside the compiler are packed with the core and are nothing that anybody references.
        string[] projects = [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(path => Path.GetFileName(path))
            .Where(name => File.Exists(ProjectFile(name))
            && !File.ReadAllText(ProjectFile(name)).Contains("<TargetFramework>netstandard2.0</TargetFramework>"))];
        projects.ShouldContain("PandaProbe.OpenTelemetry");
        foreach (string project in projects)
        {
            References(project, "ProjectReference")
                .ShouldBeSubsetOf(
                    ["PandaProbe.OpenTelemetry", "PandaProbe.Pricing", "PandaProbe.Safety", "PandaProbe.Tokenization"], project);
        }
    }

    private static string ProjectFile(string project) => Path.Combine(Repository.Root, "src", project, project + ".csproj");

    private static string[] References(string project, string kind) =>
        [.. XDocument.Load(ProjectFile(project)).Descendants(kind)
            .Where(item => item.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(item => item.Attribute("Include")!.Value.Replace('\\', '/').Split('/')[^1].Replace(".csproj", ""))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Assemblies(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
