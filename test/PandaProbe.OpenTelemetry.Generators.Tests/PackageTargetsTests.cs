using System.Diagnostics;

namespace PandaProbe.Generators;

/// <summary>What the package adds to a project's properties, by MSBuild itself.</summary>
public sealed class PackageTargetsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pandaprobe-targets-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", ";PandaProbe.Generated")]
    [InlineData("<InterceptorsNamespaces>Mine</InterceptorsNamespaces>", "Mine;PandaProbe.Generated")]
    [InlineData("<InterceptorsNamespaces>$(InterceptorsNamespaces);Mine</InterceptorsNamespaces>", ";Mine;PandaProbe.Generated")]
    public async Task Interceptors_are_switched_on_beside_those_of_the_project(string property, string expected)
    {
        string package = Path.Combine(Repository.Root, "src", "PandaProbe.OpenTelemetry", "build");
        Write("Program.csproj",
            $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework>{property}</PropertyGroup></Project>");
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");

        // As NuGet imports a package's files: the props before the project, the targets behind it.
        foreach (string kind in new[] { "props", "targets" })
        {
            string imports = string.Concat(Directory.GetFiles(package, $"*.{kind}").Select(file => $"<Import Project=\"{file}\" />"));
            Write($"obj/Program.csproj.nuget.g.{kind}", $"<Project>{imports}</Project>");
        }

        (await Property("InterceptorsNamespaces")).ShouldBe(expected);
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task<string> Property(string name)
    {
        using Process build = Process.Start(
            new ProcessStartInfo("dotnet", ["msbuild", "Program.csproj", "-nologo", "-nodeReuse:false", $"-getProperty:{name}"])
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
            })!;
        string output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        build.ExitCode.ShouldBe(0, output);
        return output.Trim();
    }
}
