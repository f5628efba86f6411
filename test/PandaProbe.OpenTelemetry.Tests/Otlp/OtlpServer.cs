using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace PandaProbe.Otlp;

/// <summary>Two ports on the loopback address, one for OTLP/HTTP and one for OTLP/gRPC, and the frame of their messages.</summary>
internal abstract class OtlpServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    protected OtlpServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What to set <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to for <c>http/protobuf</c>.</summary>
    public Uri HttpEndpoint { get; private set; } = null!;

    /// <summary>What to set <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to for <c>grpc</c>.</summary>
    public Uri GrpcEndpoint { get; private set; } = null!;

    public virtual ValueTask DisposeAsync() => _app.DisposeAsync();

    protected static async Task<T> StartAsync<T>(T server) where T : OtlpServer
    {
        await server._app.StartAsync();
        Uri[] addresses = [.. server._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
        server.HttpEndpoint = addresses[0];
        server.GrpcEndpoint = addresses[1];
        return server;
    }

    protected static bool IsGrpc(HttpContext context) => context.Request.ContentType == "application/grpc";

    /// <summary>Reads a message out of its frame, unpacks it, and says whether it was packed.</summary>
    protected static async Task<(byte[] Message, bool IsPacked)> ReadAsync(HttpContext context)
    {
        using MemoryStream buffer = new();
        await context.Request.Body.CopyToAsync(buffer);
        byte[] body = buffer.ToArray();
        bool isPacked = IsGrpc(context) ? body[0] == 1 : context.Request.Headers.ContentEncoding == "gzip";
        if (IsGrpc(context))
            body = body.AsSpan(5, (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1))).ToArray();
        return (isPacked ? Unpack(body) : body, isPacked);
    }

    protected static async Task AcceptAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType;
        if (IsGrpc(context))
        {
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    protected abstract Task AnswerAsync(HttpContext context);

    private static byte[] Unpack(byte[] packed)
    {
        using MemoryStream unpacked = new();
        using (GZipStream zip = new(new MemoryStream(packed), CompressionMode.Decompress))
            zip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
