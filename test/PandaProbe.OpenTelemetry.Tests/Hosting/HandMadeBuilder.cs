using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace PandaProbe.Hosting;

/// <summary>
/// What <c>services.AddOpenTelemetry()</c> of OpenTelemetry.Extensions.Hosting returns is such a builder around the host's services.
/// </summary>
internal sealed class HandMadeBuilder(IServiceCollection services) : IOpenTelemetryBuilder
{
    public IServiceCollection Services => services;
}
