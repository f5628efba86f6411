using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PandaProbe.Hosting.Settings;

/// <summary><c>OTEL_SDK_DISABLED</c> is the operator's switch for everything that is telemetry: the application's code does not win over it.</summary>
internal sealed class SdkSwitch(IServiceProvider services) : IPostConfigureOptions<PandaProbeOptions>
{
    public void PostConfigure(string? name, PandaProbeOptions options)
    {
        if (PandaProbeOptionsReader.IsSdkDisabled(services.GetService<IConfiguration>()))
            options.Enabled = false;
    }
}
