using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PandaProbe.TestBackend;

/// <summary>
/// PandaProbe's ingestion API on loopback, as its OpenAPI document has it and as the running backend differs from it: the schema, the
/// headers, upserts, spans refused with 404 and scores with 500 until their trace is stored, requests that the worker repeats late, a
/// connection that is closed after every 500, no compression, rate limits, plans, whole numbers and sums that are too large. What a client
/// does wrong is answered as the API would and kept in <see cref="Violations"/>.
/// </summary>
public sealed class Backend : IAsyncDisposable
{
    private readonly BackendOptions _options;
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<BackendRequest> _requests = new();
    private readonly Ingestion _ingestion;
    private readonly CancellationTokenSource _stopping = new();
    private int _number;

    private Backend(BackendOptions options, WebApplication application)
    {
        _options = options;
        _application = application;
        _ingestion = new(options);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>What the database holds once the worker is done with all that it took on.</summary>
    public ConcurrentDictionary<Guid, StoredTrace> Traces => _ingestion.Traces;

    public ConcurrentQueue<JsonElement> Scores => _ingestion.Scores;

    /// <summary>What broke the contract: schema, headers, lengths. Empty after a good test.</summary>
    public ConcurrentQueue<string> Violations => _ingestion.Violations;

    public IReadOnlyCollection<BackendRequest> Requests => _requests;

    /// <summary>How many spans came, counting those that replaced themselves.</summary>
    public long SpansReceived => _ingestion.SpansReceived;

    /// <summary>The traces that came, when nothing else is kept.</summary>
    public ConcurrentDictionary<Guid, byte> Counted => _ingestion.Counted;

    /// <summary>Whether the trace list of the project can still be read: not after a span whose tokens pass 32 bits.</summary>
    public bool IsReadable => _ingestion.IsReadable;

    public int SpansStored => Traces.Values.Sum(trace => trace.Spans.Count);

    public Func<BackendRequest, Fault?>? Fault
    {
        get => _options.Fault;
        set => _options.Fault = value;
    }

    public static async Task<Backend> StartAsync(BackendOptions? options = null)
    {
        options ??= new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddLogging(logging => logging.ClearProviders());
        if (options.Socket is { } socket)
            builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen((IPEndPoint?)options.Socket?.LocalEndPoint ?? new(IPAddress.Loopback, options.Port));
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(5);
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        WebApplication application = builder.Build();
        Backend backend = new(options, application);
        application.Run(backend.HandleAsync);
        await application.StartAsync();
        backend.Address = new(application.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return backend;
    }

    /// <summary>
    /// Lets the worker and the limits go by a test's clock, where the options name none. Only the first clock counts. Without a call, a
    /// second of the worker takes ten milliseconds.
    /// </summary>
    public void Follow(TimeProvider time) => _ingestion.Follow(time);

    /// <summary>A trace as the database holds it now; <see langword="null"/> before the worker has stored it.</summary>
    public StoredTrace? StoredNow(Guid id) => _ingestion.StoredNow(id);

    public StoredTrace Trace(string name) => Traces.Values.Single(trace => trace.Name == name);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using (CancellationTokenSource now = new(TimeSpan.FromMilliseconds(200)))
            await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        int number = Interlocked.Increment(ref _number);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string? name, Microsoft.Extensions.Primitives.StringValues value) in context.Request.Headers)
            headers[name] = value.ToString();
        string path = context.Request.Path.Value ?? "/";
        BackendRequest early = new(number, Stopwatch.GetTimestamp(), context.Request.Method, path, headers, []);
        Fault? fault = _options.Fault?.Invoke(early);
        if (fault is { Kind: FaultKind.Reset })
        {
            byte[] some = new byte[16];
            _ = await context.Request.Body.ReadAsync(some);
            context.Abort();
            return;
        }

        byte[] body = await ReadBodyAsync(context.Request);
        BackendRequest request = _options.KeepContent ? early with { Body = body } : early;
        if (!_options.CountOnly)
            _requests.Enqueue(request);

        switch (fault?.Kind)
        {
            case FaultKind.Answer:
                if (fault.RetryAfter is not null)
                    context.Response.Headers.RetryAfter = fault.RetryAfter;
                if (fault.Location is not null)
                    context.Response.Headers.Location = fault.Location;
                await AnswerAsync(context, request, fault.Status, fault.Body ?? """{"detail":"a fault"}""", fault.ContentType);
                return;
            case FaultKind.Hang:
                try
                {
                    await Task.Delay(Timeout.Infinite,
                        CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, context.RequestAborted).Token);
                }
                catch (OperationCanceledException)
                {
                    context.Abort();
                }

                return;
        }

        (int status, string answer) = _ingestion.Process(request, body, context.Response);
        switch (fault?.Kind)
        {
            case FaultKind.StoreThenReset:
                request.Status = status;
                context.Abort();
                break;
            case FaultKind.Truncate:
                request.Status = status;
                context.Response.StatusCode = status;
                context.Response.ContentLength = 10_000;
                await context.Response.WriteAsync("{\"trace_id\":");
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case FaultKind.Drip:
                request.Status = status;
                context.Response.StatusCode = status;
                foreach (char letter in answer)
                {
                    await context.Response.WriteAsync(letter.ToString());
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(1);
                }

                break;
            default:
                await AnswerAsync(context, request, status, answer);
                break;
        }
    }

    private static async Task AnswerAsync(
        HttpContext context, BackendRequest request, int status, string answer, string? contentType = null)
    {
        request.Status = status;
        if (status == 500)
            CloseAfter(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType ?? "application/json";
        context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(answer);
        await context.Response.WriteAsync(answer);
    }

    /// <summary>Closes the connection behind the answer, without saying so in it.</summary>
    private static void CloseAfter(HttpContext context)
    {
        IConnectionLifetimeNotificationFeature connection = context.Features.Get<IConnectionLifetimeNotificationFeature>()!;
        context.Response.OnCompleted(() =>
        {
            connection.RequestClose();
            return Task.CompletedTask;
        });
    }

    private async Task<byte[]> ReadBodyAsync(HttpRequest request)
    {
        using MemoryStream buffer = new();
        if (_options.UnpacksRequests && request.Headers.ContentEncoding == "gzip")
        {
            await using GZipStream zip = new(request.Body, CompressionMode.Decompress);
            await zip.CopyToAsync(buffer);
        }
        else
        {
            await request.Body.CopyToAsync(buffer);
        }

        return buffer.ToArray();
    }
}
