using System.Text;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Masking;
using PandaProbe.Testing.Cassettes.Matching;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>An answer in the file.</summary>
internal static class RecordedAnswer
{
    public static JsonObject Head(HttpResponseMessage response, CassetteMask mask)
    {
        JsonObject head = new() { ["status"] = (int)response.StatusCode };
        using HttpResponseMessage usual = new(response.StatusCode);
        if (response.ReasonPhrase is { } reason && reason != usual.ReasonPhrase)
            head["reason"] = mask.Mask(reason);

        head["headers"] = HeaderRules.Write(response, mask);
        return head;
    }

    public static JsonObject Whole(JsonObject head, RecordingStream body, string? mediaType, CassetteCalls calls)
    {
        var response = (JsonObject)head.DeepClone();
        byte[] bytes = body.Bytes;
        HttpBody.Write(response, bytes, mediaType, calls.Options.Pauses ? body.PauseBefore : null, calls.Mask);
        if (body.Failure is { } failure)
            response["broken"] = RecordedException.Write(failure, calls.Mask);
        else if (!body.IsComplete && !EndsAsOpenAIStreamsDo(bytes))
            response["end"] = RecordedEnd.StoppedByReader;

        return response;
    }

    public static BodyEnd End(JsonObject response, HttpMethod method)
    {
        if (response["broken"] is JsonObject broken)
            return new(() => RecordedException.Make(broken));

        // A stream that a client opened to be told news has no end.
        return !RecordedEnd.IsEarly(response) ? new() : method == HttpMethod.Get ? new(IsOpen: true) : new(RecordedEnd.Failure);
    }

    public static byte[] WithId(byte[] piece, JsonNode recorded, JsonNode current)
    {
        string text = Encoding.UTF8.GetString(piece);
        StreamEvent one = new(text);
        if (one.Data is null)
            return Encoding.UTF8.GetBytes(JsonRpc.WithId(text, recorded, current));

        one.Data = JsonNode.Parse(JsonRpc.WithId(one.Data.ToJsonString(CassetteJson.Compact), recorded, current));
        return Encoding.UTF8.GetBytes(one.Text);
    }

    /// <summary>Its clients read no further.</summary>
    private static bool EndsAsOpenAIStreamsDo(byte[] bytes) =>
        Encoding.UTF8.GetString(bytes).TrimEnd().EndsWith("data: [DONE]", StringComparison.Ordinal);
}
