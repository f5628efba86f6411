namespace PandaProbe.Testing.Cassettes;

/// <summary>What a replaying cassette would send a call with, if it sent one.</summary>
internal sealed class NoNetwork : HttpMessageHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{request.RequestUri} was called");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));
}
