using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Converts the message parts of both endpoints to the shape of the semantic conventions.</summary>
internal static class PartsJson
{
    public static string Role(string? role) => role switch
    {
        null => "user",
        "developer" => "system",
        "function" => "tool",
        _ => role,
    };

    /// <summary>Reads a message's content: a string or a list of parts.</summary>
    public static List<Part> Read(JsonElement? content)
    {
        List<Part> parts = [];
        switch (content)
        {
            case { ValueKind: JsonValueKind.String } text:
                parts.Add(Part.OfText(text.GetString()));
                break;
            case { ValueKind: JsonValueKind.Array } list:
                foreach (JsonElement part in list.EnumerateArray())
                    parts.Add(ReadPart(part));
                break;
        }

        return parts;
    }

    /// <summary>Converts a URL. A data URL becomes inline data.</summary>
    public static Part Media(string address, string? mimeType)
    {
        const string Base64 = ";base64,";
        int data = address.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? address.IndexOf(Base64, StringComparison.OrdinalIgnoreCase) : -1;
        return data < 0 ? Part.Uri(address, mimeType) : Part.Blob(address["data:".Length..data], address[(data + Base64.Length)..]);
    }

    private static Part ReadPart(JsonElement part)
    {
        string type = part.Text("type") ?? "";
        switch (type)
        {
            case "text" or "input_text" or "output_text" or "summary_text" or "reasoning_text":
                return Part.OfText(part.Text("text"));
            case "refusal":
                return Part.OfText(part.Text("refusal"));
            case "image_url" or "input_image" when (part.Get("image_url")?.Text("url") ?? part.Text("image_url")) is { } address:
                return Media(address, "image/*");
            case "input_audio" when part.Get("input_audio") is { } audio:
                return Part.Blob("audio/" + (audio.Text("format") ?? "*"), audio.Text("data") ?? "");
        }

        JsonElement file = part.Get("file") ?? part;
        if (file.Text("file_id") is { } id)
            return Part.File(id, type == "input_image" ? "image/*" : null);
        if (file.Text("file_data") is { } data)
            return Media(data, null);
        if (file.Text("file_url") is { } link)
            return Part.Uri(link, null);
        return Part.Generic(type.Length == 0 ? "unknown" : type, null, part.Clone());
    }
}
