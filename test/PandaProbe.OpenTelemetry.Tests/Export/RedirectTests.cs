using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>The key stays at the host that it is for.</summary>
public class RedirectTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_redirect_does_not_carry_the_key_to_another_host(bool ownHandler)
    {
        await using Backend elsewhere = await Backend.StartAsync();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Redirect(elsewhere.Address + "traces") });
        using SocketsHttpHandler handler = new();
        using Exporting export = new(backend, options => options.HttpMessageHandler = ownHandler ? handler : null);
        using (Probe.StartTrace("trace"))
        {
        }

        export.Flush().ShouldBeFalse();
        elsewhere.Requests.ShouldBeEmpty();
        export.Health.DroppedByReason["traces.redirected"].ShouldBe(1);
    }

    [Theory]
    [InlineData("in use")]
    [InlineData("in use, behind another")]
    [InlineData("hidden")]
    [InlineData("hidden, behind another")]
    public async Task With_a_handler_that_follows_redirects_nothing_is_sent(string kind)
    {
        await using Backend elsewhere = await Backend.StartAsync();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Redirect(elsewhere.Address + "traces") });
        using SocketsHttpHandler sockets = new();
        using HttpMessageInvoker user = new(sockets, disposeHandler: false);
        using HttpMessageHandler handler = kind.Split(',')[0] == "hidden" ? new Hiding(user) : sockets;
        if (handler == sockets)
            (await user.SendAsync(new(HttpMethod.Get, elsewhere.Address), CancellationToken.None)).Dispose();
        int asked = elsewhere.Requests.Count;
        using DelegatingHandler outer = new Passing() { InnerHandler = handler };
        using Exporting export = new(backend, options => options.HttpMessageHandler = kind.Contains("behind") ? outer : handler);
        using (Probe.StartTrace("secret name"))
        {
        }

        export.Flush().ShouldBeFalse();
        elsewhere.Requests.Skip(asked).ShouldAllBe(request => !request.Headers.ContainsKey("X-API-Key") && request.Body.Length == 0);
        export.Health.DroppedByReason["traces.redirected"].ShouldBe(1);
        export.Errors.ShouldHaveSingleItem().Message.ShouldContain("AllowAutoRedirect = false");
    }

    [Theory]
    [InlineData("POST", 307)]
    [InlineData("POST", 302)]
    [InlineData("POST", 308)]
    public async Task A_redirect_of_one_method_alone_does_not_carry_the_key_along_either(string method, int status)
    {
        await using Backend elsewhere = await Backend.StartAsync();
        await using Backend backend = await Backend.StartAsync(new()
        {
            Fault = request => request.Method == method ? Fault.Redirect(elsewhere.Address + "traces", status) : null,
        });
        using SocketsHttpHandler sockets = new();
        using HttpMessageInvoker user = new(sockets, disposeHandler: false);
        using Hiding handler = new(user);
        using Exporting export = new(backend, options => options.HttpMessageHandler = handler);
        Probe.StartTrace("secret name").Dispose();
        export.Flush().ShouldBeFalse();
        elsewhere.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("X-API-Key") && request.Body.Length == 0);
        export.Health.DroppedByReason["traces.redirected"].ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_that_is_set_up_while_the_process_runs_does_not_carry_the_key_along()
    {
        await using Backend elsewhere = await Backend.StartAsync();
        await using Backend backend = await Backend.StartAsync();
        using SocketsHttpHandler sockets = new();
        using HttpMessageInvoker user = new(sockets, disposeHandler: false);
        using Hiding handler = new(user);
        using Exporting export = new(backend, options => options.HttpMessageHandler = handler);
        Probe.StartTrace("before").Dispose();
        export.Flush().ShouldBeTrue();
        backend.Fault = _ => Fault.Redirect(elsewhere.Address + "traces");
        Probe.StartTrace("after").Dispose();
        export.Flush().ShouldBeFalse();
        elsewhere.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("X-API-Key") && request.Body.Length == 0);
        backend.Traces.Values.ShouldHaveSingleItem().Name.ShouldBe("before");
        export.Health.DroppedByReason["traces.redirected"].ShouldBe(1);
    }

    [Fact]
    public async Task A_handler_of_which_nothing_is_known_sends_where_there_is_no_redirect()
    {
        await using Backend backend = await Backend.StartAsync();
        using SocketsHttpHandler sockets = new();
        using HttpMessageInvoker user = new(sockets, disposeHandler: false);
        using Hiding handler = new(user);
        using Exporting export = new(backend, options => options.HttpMessageHandler = handler);
        for (int i = 0; i < 3; i++)
            Probe.StartTrace("trace").Dispose();
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(3);
        backend.Requests.Count(request => request.Headers.ContainsKey("X-API-Key")).ShouldBe(3);
        backend.Requests.Count(request => !request.Headers.ContainsKey("X-API-Key"))
            .ShouldBeInRange(1, export.Options.MaxConcurrentRequests);
    }

    private sealed class Hiding(HttpMessageInvoker inner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            inner.SendAsync(request, cancellationToken);
    }

    private sealed class Passing : DelegatingHandler;
}
