using System.Net;

namespace PandaProbe.Export.Local;

/// <summary>
/// Sends each request to the viewer that runs at that moment. The port of a viewer that has ended may belong to another program, so the
/// viewer's file and lock are read before every request.
/// </summary>
internal sealed class ViewerLine : DelegatingHandler
{
    private readonly ViewerWatch _watch;

    public ViewerLine(ViewerWatch watch)
        : base(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            AutomaticDecompression = DecompressionMethods.None,
        }) =>
            _watch = watch;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Address(request);
        try
        {
            return base.Send(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            _watch.Look();
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Address(request);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException)
        {
            _watch.Look();
            throw;
        }
    }

    private void Address(HttpRequestMessage request)
    {
        if (_watch.Look() is not { } viewer)
            throw new HttpRequestException("The local viewer has ended.");
        request.RequestUri = new(viewer.Address, request.RequestUri!.AbsolutePath);
    }
}
