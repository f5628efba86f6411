using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PandaProbe.Local.Commands;
using PandaProbe.Local.Mcp;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Receiving.Rest;
using PandaProbe.Local.Serving.Rest;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>The two servers of the viewer: gRPC on one port, everything else on the other.</summary>
internal sealed class ViewerHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ViewerHost(WebApplication application, Uri http, Uri grpc, LiveEvents events)
    {
        _application = application;
        Http = http;
        Grpc = grpc;
        Events = events;
    }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public LiveEvents Events { get; }

    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<ViewerHost> StartAsync(ServeOptions options, int port, int grpcPort, Store store, string secret, Action stop)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddLogging(static logging => logging.ClearProviders());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Body.Limit + 1;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 4 << 20;
            Listen(kestrel, options.Listen, port, HttpProtocols.Http1);
            Listen(kestrel, options.Listen, grpcPort, HttpProtocols.Http2);
        });

        WebApplication application = builder.Build();
        LiveEvents events = new(store);
        OtlpIntake intake = new(store);
        OtlpGrpc grpc = new(intake);
        Guard guard = new(options.Listen, options.Token);
        application.Use(next => context => guard.InvokeAsync(context, next));
        application.Use(next => context => HttpProtocol.IsHttp2(context.Request.Protocol) ? grpc.HandleAsync(context) : next(context));
        application.Use(next => context => PageFiles.InvokeAsync(context, next));
        application.UseRouting();
        Map(application, new(intake), store, events, secret, stop);
        new McpHttp(() => ProbeServer.Options(store.OpenReader, () => Address(application.Urls.First(), options.Listen), store.Time))
            .Map(application);
        application.UseEndpoints(static _ => { });
        try
        {
            await application.StartAsync();
        }
        catch
        {
            await application.DisposeAsync();
            events.Dispose();
            throw;
        }

        string[] addresses = [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        int half = addresses.Length / 2;
        return new(application, Address(addresses[0], options.Listen), Address(addresses[half], options.Listen), events);
    }

    public async ValueTask DisposeAsync()
    {
        Events.Dispose();
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(3), Events.Time);
        await _application.StopAsync(soon.Token);
        await _application.DisposeAsync();
    }

    private static void Map(WebApplication application, OtlpHttp otlp, Store store, LiveEvents events, string secret, Action stop)
    {
        application.MapPost("/v1/traces", otlp.TracesAsync);
        application.MapPost("/v1/logs", otlp.LogsAsync);
        application.MapPost("/v1/metrics", otlp.MetricsAsync);
        StatusApi.Map(application, store, secret, stop);
        events.Map(application);
        MarkdownApi.Map(application);
        ConversationsApi.Map(application, store);
        OverviewApi.Map(application, store);
        ListApi.Map(application, store);
        TraceApi.Map(application, store);
        SessionApi.Map(application, store);
        ScoreApi.Map(application, store);
        AnalyticsApi.Map(application, store);
        CompareApi.Map(application, store);
        new RestWrites(store).Map(application);
        new RestReads(store).Map(application);
    }

    private static void Listen(KestrelServerOptions kestrel, IPAddress? address, int port, HttpProtocols protocols)
    {
        if (address is not null)
            kestrel.Listen(address, port, endpoint => endpoint.Protocols = protocols);
        else if (port == 0 || !Socket.OSSupportsIPv6)
            kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.Protocols = protocols);
        else
            kestrel.ListenLocalhost(port, endpoint => endpoint.Protocols = protocols);
    }

    /// <summary>Names that everybody can type: "localhost" for loopback.</summary>
    private static Uri Address(string address, IPAddress? listen)
    {
        Uri bound = new(address);
        bool isLoopback = listen is null || IPAddress.IsLoopback(listen);
        return new($"http://{(isLoopback ? "localhost" : bound.Host)}:{bound.Port}");
    }
}
