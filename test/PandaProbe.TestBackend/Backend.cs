using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
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
using PandaProbe.Local.Receiving.Rest;

namespace PandaProbe.TestBackend;

/// <summary>
/// PandaProbe's ingestion API on loopback, as its OpenAPI document has it and as the running backend differs from it: the schema, the
/// headers, upserts, spans refused with 404 and scores with 500 until their trace is stored, a connection that is closed after every 500,
/// no compression, rate limits, plans. What a client does wrong is answered as the API would and kept in <see cref="Violations"/>.
/// </summary>
public sealed class Backend : IAsyncDisposable
{
    private const int LongestColumn = 255;

    private readonly BackendOptions _options;
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<BackendRequest> _requests = new();
    private readonly Queue<long> _traceTimes = new();
    private readonly Queue<long> _otherTimes = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _number;
    private long _spanCount;

    private Backend(BackendOptions options, WebApplication application)
    {
        _options = options;
        _application = application;
    }

    public Uri Address { get; private set; } = null!;

    public ConcurrentDictionary<Guid, StoredTrace> Traces { get; } = new();

    public ConcurrentQueue<JsonElement> Scores { get; } = new();

    /// <summary>What broke the contract: schema, headers, lengths. Empty after a good test.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public IReadOnlyCollection<BackendRequest> Requests => _requests;

    /// <summary>How many spans came, counting those that replaced themselves.</summary>
    public long SpansReceived => Volatile.Read(ref _spanCount);

    /// <summary>The traces that came, when nothing else is kept.</summary>
    public ConcurrentDictionary<Guid, byte> Counted { get; } = new();

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

        (int status, string answer) = Process(request, body, context.Response);
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

    private (int Status, string Answer) Process(BackendRequest request, byte[] body, HttpResponse response)
    {
        if (request.Headers.GetValueOrDefault("X-API-Key") != _options.ApiKey)
            return (401, """{"detail":"Invalid API key"}""");
        if (request.Headers.GetValueOrDefault("X-Project-Name") != _options.Project)
            return (403, """{"detail":"No access to the project"}""");
        if (IsOverLimit(request, response))
            return (429, """{"detail":"Rate limit exceeded"}""");
        if (body.LongLength > _options.MaxBodySize)
            return (413, """{"detail":"Too large"}""");
        if (!_options.UnpacksRequests && request.Headers.ContainsKey("Content-Encoding"))
            return (400, """{"detail":"There was an error parsing the body"}""");

        if (request.Headers.GetValueOrDefault("Content-Type")?.Split(';')[0] != "application/json")
            return Violated(request, 415, "Content-Type is " + request.Headers.GetValueOrDefault("Content-Type"));
        if (string.IsNullOrEmpty(request.Headers.GetValueOrDefault("User-Agent")))
            return Violated(request, 400, "no User-Agent");
        if (!Guid.TryParseExact(request.RequestId, "D", out _))
            return Violated(request, 400, $"X-Request-ID is '{request.RequestId}'");

        JsonElement document;
        try
        {
            document = JsonDocument.Parse(body, new() { MaxDepth = 512 }).RootElement;
        }
        catch (JsonException exception)
        {
            return Violated(request, 422, "not JSON: " + exception.Message);
        }

        string[] parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, parts) switch
        {
            ("POST", ["traces"]) => StoreTrace(request, document),
            ("POST", ["traces", var id, "spans"]) => StoreSpans(request, id, document),
            ("POST", ["evaluations", "trace-scores"]) => StoreScore(request, document),
            _ => Violated(request, 404, $"no such route: {request.Method} {request.Path}"),
        };
    }

    private (int Status, string Answer) StoreTrace(BackendRequest request, JsonElement document)
    {
        if (_options.CountOnly && request.Number % 100 != 0)
            return CountTrace(document);

        List<string> problems = Schema.Check(document, "TraceCreate");
        if (problems.Count > 0)
            return Violated(request, 422, string.Join("; ", problems));
        if (_options.CountOnly)
            return CountTrace(document);

        Guid id = document.TryGetProperty("trace_id", out JsonElement given) ? given.GetGuid() : Guid.NewGuid();
        if (Traces.Count >= _options.PlanLimit && !Traces.ContainsKey(id))
            return (429, $$"""{"detail":"You've reached the traces limit ({{_options.PlanLimit}}) for your HOBBY plan. Upgrade to send more."}""");

        StoredTrace trace = Traces.GetOrAdd(id, static id => new(id));
        lock (trace)
        {
            trace.AcceptedAt ??= _options.StoreTime.GetTimestamp();
        }

        if (_options.KeepContent || trace.Fields.Count == 0)
            trace.Merge(_options.KeepContent ? document : JsonDocument.Parse($$"""{"name":"{{id}}"}""").RootElement);
        if (document.TryGetProperty("spans", out JsonElement spans))
            Add(trace, spans);
        return (202, $$"""{"trace_id":"{{id}}","task_id":"{{Guid.NewGuid()}}"}""");
    }

    private (int Status, string Answer) CountTrace(JsonElement document)
    {
        Counted.TryAdd(document.GetProperty("trace_id").GetGuid(), 0);
        Interlocked.Add(ref _spanCount, document.GetProperty("spans").GetArrayLength());
        return (202, "{}");
    }

    private (int Status, string Answer) StoreSpans(BackendRequest request, string id, JsonElement document)
    {
        if (!Guid.TryParseExact(id, "D", out Guid traceId))
            return Violated(request, 422, "trace id " + id);
        if (_options.CountOnly && Counted.ContainsKey(traceId))
        {
            Interlocked.Add(ref _spanCount, document.GetArrayLength());
            return (201, "{}");
        }

        if (document.ValueKind != JsonValueKind.Array || document.GetArrayLength() is 0 or > 500)
            return Violated(request, 422, "not a list of 1 to 500 spans");

        List<string> problems = [];
        foreach (JsonElement span in document.EnumerateArray())
            problems.AddRange(Schema.Check(span, "SpanCreate"));
        if (problems.Count > 0)
            return Violated(request, 422, string.Join("; ", problems));
        if (!IsStored(traceId, out StoredTrace trace))
            return (404, """{"detail":"Trace not found"}""");

        Add(trace, document);
        return (201, $$"""{"span_ids":[{{string.Join(',', document.EnumerateArray().Select(span => $"\"{span.GetProperty("span_id")}\""))}}]}""");
    }

    private (int Status, string Answer) StoreScore(BackendRequest request, JsonElement document)
    {
        List<string> problems = Schema.Check(document, "CreateTraceScoreRequest");
        string value = document.TryGetProperty("value", out JsonElement given) ? given.ToString() : "";
        if (document.TryGetProperty("data_type", out JsonElement type) && type.GetString() == "NUMERIC"
            && !(double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 1))
        {
            problems.Add("value: must be in [0.0, 1.0]");
        }

        if (problems.Count > 0)
            return Violated(request, 422, string.Join("; ", problems));

        // The database refuses both: the score of a trace that is not there yet, and what its columns have no room for.
        if (!IsStored(document.GetProperty("trace_id").GetGuid(), out _) || document.GetProperty("name").GetString()!.Length > LongestColumn
            || value.Length > LongestColumn)
        {
            return (500, "Internal Server Error");
        }

        Scores.Enqueue(document);
        return (201, "{}");
    }

    private bool IsStored(Guid id, out StoredTrace trace) =>
        Traces.TryGetValue(id, out trace!) && trace.AcceptedAt is { } at && _options.StoreTime.GetElapsedTime(at) >= _options.StoreDelay;

    private void Add(StoredTrace trace, JsonElement spans)
    {
        foreach (JsonElement span in spans.EnumerateArray())
        {
            Interlocked.Increment(ref _spanCount);
            trace.Spans[span.GetProperty("span_id").GetGuid()] = _options.KeepContent ? span : default;
        }
    }

    private (int Status, string Answer) Violated(BackendRequest request, int status, string problem)
    {
        Violations.Enqueue($"{request.Method} {request.Path}: {problem}");
        return (status, JsonSerializer.Serialize(
            new { detail = new[] { new { loc = new[] { "body" }, msg = problem, type = "value_error" } } }));
    }

    private bool IsOverLimit(BackendRequest request, HttpResponse response)
    {
        int? limit = request.IsTrace ? _options.TraceLimit : _options.OtherLimit;
        if (limit is null)
            return false;

        Queue<long> times = request.IsTrace ? _traceTimes : _otherTimes;
        lock (times)
        {
            long now = _options.RateTime.GetTimestamp();
            while (times.TryPeek(out long oldest) && _options.RateTime.GetElapsedTime(oldest, now) >= _options.RateWindow)
                times.Dequeue();
            if (times.Count < limit)
            {
                times.Enqueue(now);
                return false;
            }

            if (_options.SendRetryAfter)
            {
                TimeSpan wait = _options.RateWindow - _options.RateTime.GetElapsedTime(times.Peek(), now);
                response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            return true;
        }
    }
}
