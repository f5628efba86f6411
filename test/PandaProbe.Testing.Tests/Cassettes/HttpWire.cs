using System.Net;
using System.Text;

namespace PandaProbe.Testing.Cassettes;

/// <summary>Calls a server as an SDK does, and writes down what came back, read by read.</summary>
internal static class HttpWire
{
    public const string Question = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Which city is the capital of France?"}]}""";

    public static async Task<Seen> PostAsync(HttpClient client, Uri server, string body = Question, string path = "/v1/chat/completions")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server, path));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await SendAsync(client, request);
    }

    public static async Task<Seen> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        List<byte[]> reads = [];
        byte[] buffer = new byte[64 * 1024];
        await using Stream body = await response.Content.ReadAsStreamAsync();
        Exception? failure = null;
        try
        {
            while (await body.ReadAsync(buffer) is > 0 and int count)
                reads.Add(buffer[..count]);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new(response.StatusCode, headers, reads, failure);
    }

    internal sealed record Seen(
        HttpStatusCode Status, IDictionary<string, string> Headers, IReadOnlyList<byte[]> Reads, Exception? Failure)
    {
        public byte[] Bytes => [.. Reads.SelectMany(read => read)];

        public string Text => Encoding.UTF8.GetString(Bytes);
    }
}
