using System.Diagnostics;
using System.Reflection;

namespace PandaProbe.Context;

/// <summary>The one source of every activity that this library starts.</summary>
internal static class ProbeSource
{
    public static readonly string Version =
        typeof(ProbeSource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static readonly ActivitySource Instance = new(Probe.SourceName, Version);
}
