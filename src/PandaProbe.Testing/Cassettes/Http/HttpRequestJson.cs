using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Masking;
using PandaProbe.Testing.Cassettes.Matching;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>What matters of a request: method, path with query, the headers that were asked for, and the body.</summary>
internal sealed class HttpRequestJson(IReadOnlyList<string> comparedHeaders, RequestForm form, CassetteMask mask)
{
    // Clients make up a new one for every request.
    private const string Boundary = "boundary";

    public JsonNode Make(HttpRequestMessage request, byte[] body)
    {
        HeaderRules.Know(request.Headers, mask);
        JsonObject json = new()
        {
            ["method"] = request.Method.Method,
            ["path"] = mask.Mask(Path(request.RequestUri!)),
        };
        JsonObject headers = [];
        foreach (string name in comparedHeaders.Order(StringComparer.OrdinalIgnoreCase))
        {
            if (request.Headers.NonValidated.TryGetValues(name, out System.Net.Http.Headers.HeaderStringValues values))
                headers[name] = mask.Mask(values.ToString(), name);
        }

        if (headers.Count > 0)
            json["headers"] = headers;

        if (body.Length > 0)
            json["body"] = Body(request.Content!, body);

        return form.Normalize(json)!;
    }

    private static string Path(Uri uri)
    {
        if (uri.Query.Length < 2)
            return uri.AbsolutePath;

        IEnumerable<string> parameters = uri.Query[1..].Split('&').Select(parameter =>
        {
            string name = parameter.Split('=')[0];
            return HeaderRules.IsSecretParameter(Uri.UnescapeDataString(name)) ? $"{name}={CassetteMask.Masked}" : parameter;
        });
        return $"{uri.AbsolutePath}?{string.Join('&', parameters)}";
    }

    private JsonNode Body(HttpContent content, byte[] body)
    {
        if (content.Headers.ContentType?.Parameters.FirstOrDefault(parameter => parameter.Name == "boundary")?.Value is { } boundary)
        {
            string marked = Encoding.Latin1.GetString(body).Replace(boundary.Trim('"'), Boundary, StringComparison.Ordinal);
            body = Encoding.Latin1.GetBytes(marked);
        }

        if (!HttpBody.IsText(body, out string? text))
        {
            return new JsonObject
            {
                ["bytes"] = body.Length,
                ["sha256"] = Convert.ToHexString(SHA256.HashData(body)),
            };
        }

        return CassetteJson.TryParse(text, out JsonNode? json) && json is not null
            ? JsonNode.Parse(mask.Mask(json.ToJsonString(CassetteJson.Compact)))! : JsonValue.Create(mask.Mask(text));
    }
}
