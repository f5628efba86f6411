using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PandaProbe.Hosting.Settings;

/// <summary>Applies <c>OTEL_SDK_DISABLED</c> after the application's code, because the operator's switch has to win over it.</summary>
internal sealed class SdkSwitch(IServiceProvider services) : IPostConfigureOptions<PandaProbeOptions>
{
    public void PostConfigure(string? name, PandaProbeOptions options)
    {
        if (PandaProbeOptionsReader.IsSdkDisabled(services.GetService<IConfiguration>()))
            options.Enabled = false;
    }
}
