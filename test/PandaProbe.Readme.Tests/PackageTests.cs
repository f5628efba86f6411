using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace PandaProbe.Readme;

/// <summary>Packs the libraries as they were built for these tests and reads the packages as their users get them.</summary>
public sealed class PackageTests(PackageTests.Packed packed) : IClassFixture<PackageTests.Packed>
{
    public static TheoryData<string> Libraries =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => !File.ReadAllText(project).Contains("<IsPackable>false"))
            .Select(project => Path.GetFileNameWithoutExtension(project))];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_says_what_it_is(string library)
    {
        using ZipArchive package = packed.Open(library);
        var said = Metadata(package).Elements().Where(element => !element.HasElements)
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];

        said["license"].ShouldBe("Apache-2.0");
        said["tags"].Split(' ').ShouldContain("pandaprobe");
        said["icon"].ShouldBeOneOf(files);
        said["readme"].ShouldBeOneOf(files);
        string newest = File.ReadAllText(Path.Combine(Repository.Root, "src", "CHANGELOG.md")).Split("\n## ")[1];
        newest.Split([' ', '\n'])[0].ShouldBe(said["version"], "the newest section of src/CHANGELOG.md is not of this version");
        said["releaseNotes"].ReplaceLineEndings("\n").ShouldBe(newest[(newest.IndexOf('\n') + 1)..].Trim());
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_that_embeds_data_of_others_brings_their_licenses(string library)
    {
        using ZipArchive package = packed.Open(library);

        bool embeds = File.ReadAllText(Project(library)).Contains("<EmbeddedResource");

        package.Entries.Any(entry => entry.FullName == "THIRD-PARTY-NOTICES.txt").ShouldBe(embeds);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_asks_for_the_exact_version_of_a_package_whose_internals_it_sees_and_for_the_lowest_of_others(string library)
    {
        using ZipArchive package = packed.Open(library);
        foreach (XElement group in Metadata(package).Descendants()
            .Where(element => element.Name.LocalName == "group" && element.Elements().Any()))
        {
            string framework = group.Attribute("targetFramework")!.Value;
            foreach (XElement dependency in group.Elements())
            {
                string id = dependency.Attribute("id")?.Value ?? "", version = dependency.Attribute("version")?.Value ?? "";
                if (id.StartsWith("PandaProbe.", StringComparison.Ordinal))
                {
                    bool seesInternals = File.ReadAllText(Project(id)).Contains($"InternalsVisibleTo Include=\"{library}\"");
                    version.StartsWith('[').ShouldBe(seesInternals, $"{library} asks for {id} {version}");
                }
                else if (id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                    && !id.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal))
                {
                    version.ShouldBe(framework == "net8.0" ? "8.0.0" : "10.0.0", $"{library} on {framework} asks for {id}");
                }
            }
        }
    }

    [Fact]
    public void The_cores_package_carries_its_generator_and_the_switch_for_the_compiler()
    {
        using ZipArchive package = packed.Open("PandaProbe.OpenTelemetry");

        string[] needed =
        [
            "analyzers/dotnet/cs/PandaProbe.OpenTelemetry.Generators.dll", "analyzers/dotnet/cs/PandaProbe.OpenTelemetry.CodeFixes.dll",
            "build/PandaProbe.OpenTelemetry.targets", "buildTransitive/PandaProbe.OpenTelemetry.targets",
        ];
        needed.ShouldBeSubsetOf(package.Entries.Select(entry => entry.FullName));
    }

    private static string Project(string library) => Path.Combine(Repository.Root, "src", library, library + ".csproj");

    private static XElement Metadata(ZipArchive package)
    {
        using Stream nuspec = package.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    /// <summary>The packages, validated as the libraries' projects say, in a folder that goes with the tests.</summary>
    public sealed class Packed : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("pandaprobe-packages-").FullName;

        public Packed()
        {
            string project = Path.Combine(Repository.Root, "test", "PandaProbe.Readme.Tests", "pack.proj");
            ProcessStartInfo start = new("dotnet",
            [
                "msbuild", project, "-t:Pack", $"-p:Configuration={Repository.Metadata("Configuration")}",
                $"-p:PackageOutputPath={_folder}", "-v:q", "-nologo", "-nodeReuse:false",
            ])
            {
                RedirectStandardOutput = true,
            };
            using Process packing = Process.Start(start)!;
            string output = packing.StandardOutput.ReadToEnd();
            packing.WaitForExit();
            packing.ExitCode.ShouldBe(0, output);
        }

        public ZipArchive Open(string library) =>
            ZipFile.OpenRead(Directory.GetFiles(_folder, library + ".*.nupkg")
                .Single(file => char.IsDigit(Path.GetFileName(file)[library.Length + 1])));

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
