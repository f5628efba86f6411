using System.Text.Json;

namespace PandaProbe.Export.Transport;

/// <summary>Reads why the server refuses a request: <c>{"detail": "…"}</c>, or <c>{"detail": [{"msg": "…"}]}</c>.</summary>
internal static class ServerReason
{
    private const int LongestBody = 64 * 1024;
    private const int LongestReason = 300;

    /// <summary>Reads the body to its end, so that the connection can be used again. Null where it says nothing that can be read.</summary>
    public static async Task<string?> ReadAsync(HttpResponseMessage response, string? key, CancellationToken cancellation)
    {
        byte[] body = new byte[1024];
        int length = 0;
        try
        {
            using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            for (int read; length < LongestBody
                && (read = await stream.ReadAsync(body.AsMemory(length), cancellation).ConfigureAwait(false)) > 0;)
            {
                length += read;
                if (length == body.Length)
                    Array.Resize(ref body, length * 2);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status is all that counts.
        }

        return response.IsSuccessStatusCode ? null : Find(body.AsMemory(0, length), key);
    }

    // The message alone: what the server quotes beside it may be content.
    private static string? Find(ReadOnlyMemory<byte> body, string? key)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("detail"u8, out JsonElement detail))
            {
                return null;
            }

            if (detail is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
                detail = list[0];
            if (detail is { ValueKind: JsonValueKind.Object } one && one.TryGetProperty("msg"u8, out JsonElement message))
                detail = message;
            if (detail is not { ValueKind: JsonValueKind.String } || detail.GetString() is not { Length: > 0 } text)
                return null;

            if (!string.IsNullOrEmpty(key))
                text = text.Replace(key, "…", StringComparison.Ordinal);
            return text.Length > LongestReason ? text[..LongestReason] : text;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
