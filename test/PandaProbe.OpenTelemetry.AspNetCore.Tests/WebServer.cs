using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace PandaProbe.AspNetCore;

/// <summary>A real server on a free port of the loopback address.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebServer(WebApplication app)
    {
        _app = app;
        Client = new()
        {
            BaseAddress = new Uri(
                app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single())
        };
    }

    public HttpClient Client { get; }

    /// <summary>A web application as <c>dotnet new web</c> makes it, with the settings of its <c>appsettings.json</c>.</summary>
    public static async Task<WebServer> Start(
        Action<WebApplication> configure, Action<IServiceCollection>? services = null, string environment = "Production")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
        [
            "--environment", environment,
            "--urls", "http://127.0.0.1:0",
            "--Logging:LogLevel:Default", "Information",
            "--Logging:LogLevel:Microsoft.AspNetCore", "Warning",
        ]);
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        configure(app);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Ends the application as a signal does.</summary>
    public async Task EndAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
