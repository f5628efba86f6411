using Microsoft.Extensions.Configuration;

namespace PandaProbe.Hosting.Settings;

/// <summary>Fills options from the configuration section and the environment.</summary>
internal static class PandaProbeOptionsReader
{
    private static readonly Setting SdkDisabled = new(null, "OTEL_SDK_DISABLED", "true or false", static (_, _) => true);

    public static void Read(PandaProbeOptions options, IConfiguration? configuration)
    {
        foreach (Setting setting in SettingTable.All)
            setting.Read(options, configuration);
        UnknownSettings.Report(configuration);
    }

    /// <summary>Returns the value of OpenTelemetry's own switch. By its specification only "true" sets it.</summary>
    public static bool IsSdkDisabled(IConfiguration? configuration) =>
        string.Equals(SdkDisabled.Text(configuration), "true", StringComparison.OrdinalIgnoreCase);
}
