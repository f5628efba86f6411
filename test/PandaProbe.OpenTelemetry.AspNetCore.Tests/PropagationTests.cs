using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PandaProbe.AspNetCore;

/// <summary>Session, user and tags on their way from one Kestrel server to another.</summary>
[Collection(RecordedSpans.Tests)]
public sealed class PropagationTests
{
    private const string All = "pandaprobe.session=s%201,pandaprobe.user=u1,pandaprobe.tags=a%2520b%20c";

    [Fact]
    public async Task Off_by_default_nothing_is_sent()
    {
        await using WebServer back = await Back();
        (await AskAsync(_ => { }, Local(back, "/echo"))).ShouldBe("||");
    }

    [Fact]
    public async Task An_allowed_host_gets_session_user_and_tags_and_takes_them_when_it_trusts_the_sender()
    {
        await using WebServer trusting = await Back(trusts: true);
        (await AskAsync(Allow("localhost"), Local(trusting, "/echo"))).ShouldBe($"{All}|s 1|u1");
        await using WebServer wary = await Back(trusts: false);
        (await AskAsync(Allow("localhost"), Local(wary, "/echo"))).ShouldBe($"{All}||");
        await using WebServer unaware = await Back(trusts: null);
        (await AskAsync(Allow("localhost"), Local(unaware, "/echo"))).ShouldBe($"{All}||");
    }

    [Fact]
    public async Task Nobody_else_gets_them_not_even_after_a_redirect_of_an_allowed_host()
    {
        await using WebServer back = await Back(trusts: true);
        (await AskAsync(Allow("localhost"), new Uri(back.Client.BaseAddress!, "/echo").ToString())).ShouldBe("||");
        string redirect = Local(back, "/redirect?to=" + Uri.EscapeDataString(new Uri(back.Client.BaseAddress!, "/echo").ToString()));
        (await AskAsync(Allow("localhost"), redirect)).ShouldBe("||");
        redirect = Local(back, "/redirect?to=" + Uri.EscapeDataString(Local(back, "/echo")));
        (await AskAsync(Allow("localhost"), redirect)).ShouldBe($"{All}|s 1|u1", "a redirect to an allowed host");
    }

    [Fact]
    public async Task What_came_in_does_not_go_on_to_others()
    {
        await using WebServer back = await Back(trusts: true);
        string foreign = new Uri(back.Client.BaseAddress!, "/echo").ToString();
        string relayed = await AskAsync(Allow("localhost"), Local(back, "/relay?to=" + Uri.EscapeDataString(foreign)));
        relayed.ShouldBe("||");
    }

    [Theory]
    [InlineData("http://api.openai.com/echo", "openai.com", false, false)]
    [InlineData("http://api.openai.com/echo", "openai.com", true, true)]
    [InlineData("http://mine.openai.azure.com/echo", "azure.com", false, false)]
    [InlineData("http://api.example.com/echo", "example.com", false, true)]
    [InlineData("http://API.Example.com./echo", ".example.com", false, true)]
    [InlineData("http://example.com/echo", "example.com", false, true)]
    [InlineData("http://badexample.com/echo", "example.com", false, false)]
    [InlineData("http://example.com.evil.net/echo", "example.com", false, false)]
    [InlineData("http://10.0.0.1/echo", "0.0.1", false, false)]
    public async Task Hosts_match_by_whole_labels_and_a_model_provider_only_when_asked_for(
        string target, string allowed, bool includeModelProviders, bool sent)
    {
        await using WebServer back = await Back();
        string answer = await AskAsync(
            options =>
            {
                options.Propagation.Hosts = [allowed];
                options.Propagation.IncludeModelProviders = includeModelProviders;
            },
            target, back.Client.BaseAddress!.Port);
        answer.ShouldBe(sent ? $"{All}||" : "||");
    }

    [Fact]
    public async Task Values_beyond_the_limits_are_left_out_and_other_baggage_stays()
    {
        await using WebServer back = await Back(trusts: true);
        string answer = await AskAsync(
            options =>
            {
                options.Propagation.Hosts = ["localhost"];
                options.Propagation.MaxLength = 2;
                options.Propagation.MaxTags = 0;
            },
            Local(back, "/echo"), baggage: "other");
        answer.ShouldEndWith("pandaprobe.user=u1||u1");
        if (Environment.Version.Major >= 10)
            answer.ShouldStartWith("other");
    }

    private static Action<PandaProbeOptions> Allow(string host) => options => options.Propagation.Hosts = [host];

    private static string Local(WebServer server, string path) => $"http://localhost:{server.Client.BaseAddress!.Port}{path}";

    // The program that calls: a server, too, so that the trace is below a request.
    private static async Task<string> AskAsync(Action<PandaProbeOptions> configure, string target, int? port = null, string? baggage = null)
    {
        await using WebServer front = await WebServer.Start(
            app => app.MapGet("/ask", async () =>
            {
                using TraceScope trace = Probe.StartTrace("ask", sessionId: "s 1", userId: "u1", tags: ["a b", "c"]);
                if (baggage is not null)
                    trace.Activity!.AddBaggage(baggage, "1");
                using SocketsHttpHandler handler = new();
                if (port is not null)
                {
                    handler.ConnectCallback = async (_, cancellation) =>
                    {
                        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                        await socket.ConnectAsync("127.0.0.1", port.Value, cancellation);
                        return new NetworkStream(socket, ownsSocket: true);
                    };
                }

                using HttpClient client = new(handler);
                return await client.GetStringAsync(target);
            }),
            services => services.AddPandaProbe(options =>
            {
                options.Export = ProbeExport.None;
                configure(options);
            }));
        return await front.Client.GetStringAsync("/ask");
    }

    private static Task<WebServer> Back(bool? trusts = null) => WebServer.Start(
        app =>
        {
            if (trusts is { } trusted)
                app.UsePandaProbe(request => request.FromBaggage(_ => trusted));
            app.MapGet("/redirect", (string to) => Results.Redirect(to));
            app.MapGet("/relay", async (string to) =>
            {
                using TraceScope trace = Probe.StartTrace("relay");
                using HttpClient client = new();
                return await client.GetStringAsync(to);
            });
            app.MapGet("/echo", (HttpContext context) =>
            {
                using SpanScope work = Probe.StartSpan("work");
                Activity span = work.Activity!;
                return $"{context.Request.Headers.Baggage}|{span.GetTagItem("session.id")}|{span.GetTagItem("user.id")}";
            });
        },
        services => services.AddPandaProbe(options => options.Export = ProbeExport.None));
}
