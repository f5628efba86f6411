using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Masking;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>The body of an answer in the file: as JSON, events or lines of text where that gives back every byte, else as Base64.</summary>
internal static class HttpBody
{
    private const int Base64Line = 120;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a body into the recorded answer.</summary>
    /// <param name="response">The recorded answer.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="mediaType">The type of the content. Null where the answer has none.</param>
    /// <param name="pauseBefore">Returns how long the reader waited for the bytes up to the second index since those up to the first.
    /// Null where pauses are not wanted.</param>
    /// <param name="mask">The mask.</param>
    public static void Write(JsonObject response, byte[] body, string? mediaType, Func<int, int, TimeSpan>? pauseBefore, CassetteMask mask)
    {
        if (body.Length == 0)
            return;

        if (!IsText(body, out string? text))
            response["base64"] = Lines(Convert.ToBase64String(mask.Mask(body)));
        else if (IsStream(mediaType, out bool isLines))
            response["events"] = Events(text, isLines, pauseBefore, mask);
        else
            WriteText(response, mask.Mask(text));
    }

    /// <summary>Reads a body as the pieces in which it came.</summary>
    public static List<(byte[] Bytes, TimeSpan Pause)> Read(JsonObject response)
    {
        if (response["events"] is JsonArray events)
            return [.. events.Select(row => StreamEvent.Read(row!)).Select(one => (Encoding.UTF8.GetBytes(one.Text), one.Pause))];

        if (response["base64"] is JsonArray base64)
            return [(Convert.FromBase64String(Joined(base64)), TimeSpan.Zero)];

        return response["text"] is JsonArray text
            ? [(Encoding.UTF8.GetBytes(Joined(text)), TimeSpan.Zero)]
            : response.TryGetPropertyValue("json", out JsonNode? json)
            ? [(Encoding.UTF8.GetBytes(CassetteJson.Text(json, false)), TimeSpan.Zero)]
            : response.TryGetPropertyValue("indentedJson", out json)
            ? [(Encoding.UTF8.GetBytes(CassetteJson.Text(json, true)), TimeSpan.Zero)] : [];
    }

    public static bool IsStream(string? mediaType, out bool isLines)
    {
        isLines = mediaType is "application/x-ndjson" or "application/jsonl" or "application/jsonlines";
        return isLines || mediaType == "text/event-stream";
    }

    public static bool IsText(byte[] body, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = Strict.GetString(body);
            return !text.Contains('\0');
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static void WriteText(JsonObject response, string text)
    {
        if (CassetteJson.TryParse(text, out JsonNode? json) && json is JsonObject or JsonArray)
        {
            foreach (bool isIndented in (ReadOnlySpan<bool>)[false, true])
            {
                if (CassetteJson.Text(json, isIndented) == text)
                {
                    response[isIndented ? "indentedJson" : "json"] = json;
                    return;
                }
            }
        }

        JsonArray lines = [];
        int start = 0;
        for (int end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', start))
        {
            lines.Add((JsonNode)text[start..(end + 1)]);
            start = end + 1;
        }

        if (start < text.Length)
            lines.Add((JsonNode)text[start..]);

        response["text"] = lines;
    }

    private static JsonArray Events(string text, bool isLines, Func<int, int, TimeSpan>? pauseBefore, CassetteMask mask)
    {
        List<StreamEvent> events = StreamEvent.Split(text, isLines);
        int start = 0;
        foreach (StreamEvent one in events)
        {
            int end = start + Encoding.UTF8.GetByteCount(one.Text);
            one.Pause = pauseBefore?.Invoke(start, end) ?? TimeSpan.Zero;
            start = end;
        }

        JoinedTexts.Mask(events.Select(one => one.Data), mask);
        foreach (StreamEvent one in events)
        {
            one.Data = mask.Mask(one.Data);
            if (one.Data is null)
                one.Replacement = mask.Mask(one.Text);
        }

        return [.. events.Select(one => one.Write())];
    }

    private static JsonArray Lines(string base64) => [.. base64.Chunk(Base64Line).Select(line => (JsonNode)new string(line))];

    private static string Joined(JsonArray lines) => string.Concat(lines.Select(line => line!.GetValue<string>()));
}
