using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PandaProbe.Hosting;

/// <summary>What <c>PANDAPROBE_ENVIRONMENT</c> and <c>PANDAPROBE_RELEASE</c> add to the resource that OTLP backends get.</summary>
[Collection(ProcessWide.Name)]
public sealed class ResourceTests
{
    private const string Environment = "deployment.environment.name";
    private const string Release = "service.version";

    [Theory]
    [InlineData("staging", "2.1", null, "staging", "2.1")]
    [InlineData("staging", null, null, "staging", null)]
    [InlineData(null, "2.1", null, null, "2.1")]
    [InlineData(null, null, null, null, null)]
    [InlineData("staging", "2.1", "deployment.environment.name=own", "own", "2.1")]
    [InlineData("staging", "2.1", "service.version=own", "staging", "own")]
    [InlineData("staging", "2.1", "service.version=own,deployment.environment.name=own", "own", "own")]
    public void The_resource_gets_what_it_does_not_have(
        string? environment, string? release, string? own, string? expectedEnvironment, string? expectedRelease)
    {
        using EnvironmentVariables first = new("PANDAPROBE_ENVIRONMENT", environment);
        using EnvironmentVariables second = new("PANDAPROBE_RELEASE", release);
        using EnvironmentVariables third = new("OTEL_RESOURCE_ATTRIBUTES", own);

        Resource(builder => builder.AddPandaProbe(options => options.Export = ProbeExport.None))
            .ShouldBe((expectedEnvironment, expectedRelease));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_code_sets_stays_whether_before_or_after(bool before)
    {
        using EnvironmentVariables first = new("PANDAPROBE_ENVIRONMENT", "staging");
        using EnvironmentVariables second = new("PANDAPROBE_RELEASE", "2.1");

        Resource(builder =>
        {
            if (before)
                SetOwn(builder);
            builder.AddPandaProbe(options => options.Export = ProbeExport.None);
            if (!before)
                SetOwn(builder);
        }).ShouldBe(("own environment", "own release"));

        static void SetOwn(TracerProviderBuilder builder) => builder.ConfigureResource(
            resource => resource.AddAttributes([new(Environment, "own environment"), new(Release, "own release")]));
    }

    private static (string? Environment, string? Release) Resource(Action<TracerProviderBuilder> configure)
    {
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder();
        configure(builder);
        using TracerProvider provider = builder.Build();
        var attributes = provider.GetResource().Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
        return (attributes.GetValueOrDefault(Environment) as string, attributes.GetValueOrDefault(Release) as string);
    }
}
