using System.Net;
using Microsoft.AspNetCore.Http;
using PandaProbe.Local.Serving;

namespace PandaProbe.Local.Tests.Serving;

/// <summary>Who may ask, when the viewer listens beyond its machine.</summary>
public sealed class GuardTests
{
    private const string Token = "only for us";

    [Theory]
    [InlineData("10.0.0.7", null, null, 401)]
    [InlineData("10.0.0.7", "Authorization", "Bearer wrong", 401)]
    [InlineData("10.0.0.7", "Authorization", "only for us", 401)]
    [InlineData("10.0.0.7", "Authorization", "Bearer only for us", 200)]
    [InlineData("10.0.0.7", "Authorization", "bearer only for us", 200)]
    [InlineData("10.0.0.7", "X-API-Key", "only for us", 200)]
    [InlineData("10.0.0.7", "X-API-Key", "only for u", 401)]
    [InlineData("10.0.0.7", "Cookie", "pandaprobe_local=only%20for%20us", 200)]
    [InlineData("10.0.0.7", "Cookie", "pandaprobe_local=", 401)]
    [InlineData("127.0.0.1", null, null, 200)]
    [InlineData("::1", null, null, 200)]
    public async Task Beyond_loopback_every_request_needs_the_token(string remote, string? header, string? value, int expected)
    {
        DefaultHttpContext context = Context(remote);
        if (header is not null)
            context.Request.Headers[header] = value;
        (await StatusAsync(context)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_browser_gives_the_token_once_and_keeps_it_where_scripts_and_other_sites_do_not_get_it()
    {
        DefaultHttpContext context = Context("10.0.0.7");
        context.Request.QueryString = QueryString.Create("token", Token);
        (await StatusAsync(context)).ShouldBe(200);
        string cookie = context.Response.Headers.SetCookie.ToString();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
    }

    [Fact]
    public async Task The_token_does_not_help_a_page_of_another_site()
    {
        DefaultHttpContext context = Context("10.0.0.7");
        context.Request.Headers.Authorization = $"Bearer {Token}";
        context.Request.Headers.Origin = "https://evil.example";
        (await StatusAsync(context)).ShouldBe(403);
    }

    private static DefaultHttpContext Context(string remote)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Host = new("viewer.example:4318");
        return context;
    }

    private static async Task<int> StatusAsync(HttpContext context)
    {
        await new Guard(IPAddress.Any, Token).InvokeAsync(context, static passed =>
        {
            passed.Response.StatusCode = 200;
            return Task.CompletedTask;
        });
        return context.Response.StatusCode;
    }
}
