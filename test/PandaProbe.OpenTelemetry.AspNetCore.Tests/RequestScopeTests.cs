using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.AspNetCore;

[Collection(RecordedSpans.Tests)]
public sealed class RequestScopeTests
{
    [Theory]
    [InlineData("header")]
    [InlineData("cookie")]
    [InlineData("delegate")]
    public async Task Everything_below_a_request_belongs_to_its_session_and_user(string place)
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(
            spans,
            request => _ = place switch
            {
                "header" => request.SessionFromHeader("X-Session").UserFromHeader("X-User"),
                "cookie" => request.SessionFromCookie("session").UserFromCookie("user"),
                _ => request.SessionFrom(context => context.Request.Query["session"]).UserFrom(context => context.Request.Query["user"]),
            },
            tracing: tracing => tracing.AddSource("Microsoft.AspNetCore"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/work?session=s1&user=u1");
        request.Headers.Add("X-Session", "s1");
        request.Headers.Add("X-User", "u1");
        request.Headers.Add("Cookie", "session=s1; user=u1");
        (await server.Client.SendAsync(request)).EnsureSuccessStatusCode();

        foreach (string name in (string[])["work", "inner", "server"])
        {
            Activity span = spans.Single(name);
            span.GetTagItem("session.id").ShouldBe("s1", name);
            span.GetTagItem("gen_ai.conversation.id").ShouldBe("s1", name);
            span.GetTagItem("user.id").ShouldBe("u1", name);
        }
    }

    [Fact]
    public async Task Requests_at_the_same_time_keep_their_sessions_apart()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, request => request.SessionFromHeader("X-Session"));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "/work");
            request.Headers.Add("X-Session", $"s{i}");
            (await server.Client.SendAsync(request)).EnsureSuccessStatusCode();
        }));

        spans.All.Where(span => span.DisplayName == "inner").Select(span => (string?)span.GetTagItem("session.id")).Order()
            .ShouldBe(Enumerable.Range(0, 50).Select(i => $"s{i}").Order());
    }

    [Fact]
    public async Task Nothing_is_read_but_what_is_named()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, request => request.SessionFromHeader("X-Session"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/work");
        request.Headers.Add("Session-Id", "s1");
        request.Headers.Add("X-User", "u1");
        request.Headers.Add("baggage", "session.id=s1,user.id=u1");
        (await server.Client.SendAsync(request)).EnsureSuccessStatusCode();

        spans.Single("inner").GetTagItem("session.id").ShouldBeNull();
        spans.Single("inner").GetTagItem("user.id").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\tb")]
    [InlineData("too long")]
    public async Task What_is_not_usable_is_not_used(string value)
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, request => request.SessionFromHeader("X-Session").SessionFrom(_ => "fallback"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/work");
        request.Headers.TryAddWithoutValidation("X-Session", value == "too long" ? new string('x', 256) : value);
        (await server.Client.SendAsync(request)).EnsureSuccessStatusCode();

        spans.Single("inner").GetTagItem("session.id").ShouldBe("fallback");
    }

    [Fact]
    public async Task A_header_that_is_sent_twice_is_not_used()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, request => request.SessionFromHeader("X-Session"));
        using TcpClient client = new();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await client.GetStream()
            .WriteAsync("GET /work HTTP/1.1\r\nHost: x\r\nX-Session: a\r\nX-Session: b\r\nConnection: close\r\n\r\n"u8.ToArray());
        using StreamReader reader = new(client.GetStream());
        (await reader.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 200");

        spans.Single("inner").GetTagItem("session.id").ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_claim_counts_only_when_the_user_is_authenticated(bool authenticated)
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(
            spans,
            request => request.UserFromClaim("sub"),
            app => app.Use((HttpContext context, RequestDelegate next) =>
            {
                context.User = new(new ClaimsIdentity([new("sub", "u1")], authenticated ? "test" : null));
                return next(context);
            }));
        (await server.Client.GetAsync("/work")).EnsureSuccessStatusCode();

        spans.Single("inner").GetTagItem("user.id").ShouldBe(authenticated ? "u1" : null);
    }

    [Fact]
    public async Task A_delegate_that_throws_does_not_break_the_request()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, request => request.SessionFrom(_ => throw new InvalidOperationException()));
        (await server.Client.GetAsync("/work")).EnsureSuccessStatusCode();
        spans.Single("inner").GetTagItem("session.id").ShouldBeNull();
    }

    [Fact]
    public async Task A_delegate_that_throws_costs_neither_the_next_place_nor_the_user()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(
            spans, request => request.SessionFrom(_ => throw new InvalidOperationException()).SessionFrom(_ => "s-1").UserFrom(_ => "u-1"));
        (await server.Client.GetAsync("/work")).EnsureSuccessStatusCode();
        spans.Single("inner").GetTagItem("session.id").ShouldBe("s-1");
        spans.Single("inner").GetTagItem("user.id").ShouldBe("u-1");
    }

    private static Task<WebServer> Server(
        RecordedSpans spans, Action<ProbeRequestMap> map, Action<WebApplication>? before = null,
        Action<TracerProviderBuilder>? tracing = null) => WebServer.Start(
            app =>
            {
                before?.Invoke(app);
                app.UsePandaProbe(map);
                app.MapGet("/work", async (HttpContext context) =>
                {
                    spans.Own.TryAdd(Activity.Current!.TraceId, true);
                    using (Probe.StartTrace("work"))
                    {
                        await Task.Yield();
                        using SpanScope inner = Probe.StartSpan("inner");
                    }

                    await context.Response.WriteAsync("done");
                });
            },
        services => services.AddPandaProbe(options => options.Export = ProbeExport.None)
            .ConfigureOpenTelemetryTracerProvider(builder =>
            {
                tracing?.Invoke(builder);
                builder.AddProcessor(spans);
            }));
}
