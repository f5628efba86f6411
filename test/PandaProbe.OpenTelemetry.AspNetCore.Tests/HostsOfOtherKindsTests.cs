using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace PandaProbe.AspNetCore;

/// <summary>
/// Services that open activities of their own that no sampler sees: over gRPC, with SignalR, with actors, and whatever runs below
/// <see cref="HttpClient"/>. Workers are in <see cref="RequestSamplingTests"/>.
/// </summary>
[Collection(RecordedSpans.Tests)]
public sealed class HostsOfOtherKindsTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_gRPC_service_records_its_traces(string environment)
    {
        RecordedSpans spans = new();
        await using WebServer server = await WebServer.Start(
            app => app.MapPost("/answers.Answers/Ask", async context =>
            {
                Record(spans);
                context.Response.ContentType = "application/grpc";
                await context.Response.Body.WriteAsync(new byte[5]);
                context.Response.AppendTrailer("grpc-status", "0");
            }),
            services => Add(services, spans).Configure<KestrelServerOptions>(
                kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)),
            environment);
        using HttpRequestMessage request = new(HttpMethod.Post, "/answers.Answers/Ask")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new("application/grpc") } },
        };
        using HttpResponseMessage response = await server.Client.SendAsync(request);

        await response.Content.ReadAsByteArrayAsync();
        response.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
        spans.Single("answer").Parent.ShouldNotBeNull().OperationName.ShouldBe("Microsoft.AspNetCore.Hosting.HttpRequestIn");
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Every_call_of_a_SignalR_hub_records_its_trace(string environment)
    {
        RecordedSpans spans = new();
        await using WebServer server = await WebServer.Start(
            app => app.MapHub<AnswerHub>("/hub"),
            services =>
            {
                Add(services, spans).AddSingleton(spans);
                services.AddSignalR();
            },
            environment);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{server.Client.BaseAddress!.Port}/hub"), CancellationToken.None);
        await SendAsync("""{"protocol":"json","version":1}""");
        (await ReceiveAsync()).ShouldBe("{}");
        for (int i = 0; i < 2; i++)
        {
            await SendAsync($$"""{"type":1,"invocationId":"{{i}}","target":"Ask","arguments":[]}""");
            (await ReceiveAsync()).ShouldBe($$"""{"type":3,"invocationId":"{{i}}","result":"done"}""");
        }

        // SignalR takes the connection's activity away.
        spans.All.Select(span => $"{span.DisplayName} below {span.Parent?.OperationName ?? "nothing"}")
            .ShouldBe(["answer below nothing", "answer below nothing"]);

        Task SendAsync(string message) => socket.SendAsync(
            Encoding.UTF8.GetBytes(message + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        async Task<string> ReceiveAsync()
        {
            byte[] buffer = new byte[1024];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            return Encoding.UTF8.GetString(buffer, 0, received.Count).TrimEnd('\u001e');
        }
    }

    [Fact]
    public async Task A_call_of_an_actor_records_its_trace()
    {
        RecordedSpans spans = new();
        using IHost host = await StartAsync(spans);
        using Actor actor = new();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => actor.AskAsync(() => Record(spans))));
        await host.StopAsync();

        spans.All.Count.ShouldBe(5);
        spans.All.ShouldAllBe(span => span.Parent!.OperationName == "actor call");
        spans.All.Select(span => span.TraceId).ShouldBeUnique();
    }

    [Fact]
    public async Task What_runs_below_an_activity_of_HttpClient_records_its_trace()
    {
        RecordedSpans spans = new();
        using IHost host = await StartAsync(spans);
        await using WireServer server = await WireServer.StartAsync(context => Task.CompletedTask);

        // As Application Insights does. HttpClient then opens an activity around a request.
        using IDisposable all = DiagnosticListener.AllListeners.Subscribe(new Enabling());
        using HttpClient client = new();
        using HttpResponseMessage response = await client.PostAsync(server.Address, new RecordingContent(spans));
        await host.StopAsync();

        spans.Single("answer").Parent.ShouldNotBeNull().OperationName.ShouldBe("System.Net.Http.HttpRequestOut");
    }

    private static void Record(RecordedSpans spans)
    {
        (Activity.Current?.Source.Name).ShouldBeNullOrEmpty("no activity, or one that no sampler has seen");
        using TraceScope trace = Probe.StartTrace("answer");
        spans.Own.TryAdd(trace.Activity.ShouldNotBeNull().TraceId, true);
    }

    private static IServiceCollection Add(IServiceCollection services, RecordedSpans spans) => services
        .AddPandaProbe(options => options.Export = ProbeExport.None)
        .ConfigureOpenTelemetryTracerProvider(builder => builder.AddProcessor(spans));

    private static async Task<IHost> StartAsync(RecordedSpans spans)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        Add(builder.Services, spans);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public sealed class AnswerHub : Hub
    {
        private readonly RecordedSpans _spans;

        public AnswerHub(IServiceProvider services) => _spans = services.GetRequiredService<RecordedSpans>();

        public string Ask()
        {
            Record(_spans);
            return "done";
        }
    }

    /// <summary>Takes one call after the other on a thread of its own, as Orleans' grains do, each in an activity.</summary>
    private sealed class Actor : IDisposable
    {
        private readonly BlockingCollection<Action> _calls = [];

        public Actor()
        {
            Thread thread = new(() =>
            {
                foreach (Action call in _calls.GetConsumingEnumerable())
                    call();
            });
            thread.UnsafeStart();
        }

        public Task AskAsync(Action work)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _calls.Add(() =>
            {
                using (Activity call = new Activity("actor call").Start())
                    work();
                done.SetResult();
            });
            return done.Task;
        }

        public void Dispose() => _calls.CompleteAdding();
    }

    private sealed class RecordingContent(RecordedSpans spans) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Record(spans);
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }

    private sealed class Enabling : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
                value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }
}
