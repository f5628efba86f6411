using System.Diagnostics;
using System.Reflection;

namespace PandaProbe.Conventions;

/// <summary>The source of every activity that this library starts.</summary>
internal static class ProbeSource
{
    public const string Name = "PandaProbe";

    public static readonly string Version =
        typeof(ProbeSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "0.0.0";

    /// <summary>The version of the conventions. v1.41.1 has the schema of v1.41.0.</summary>
    public const string SchemaUrl = "https://opentelemetry.io/schemas/1.41.0";

    public static readonly ActivitySource Instance = new(
        new ActivitySourceOptions(Name) { Version = Version, TelemetrySchemaUrl = SchemaUrl });
}
