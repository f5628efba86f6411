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

    public static readonly ActivitySource Instance = new(Name, Version);
}
