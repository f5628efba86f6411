using System.Globalization;
using System.Text.Json;

namespace PandaProbe.OpenAI.Json;

/// <summary>An error inside of an answer.</summary>
internal static class ErrorJson
{
    /// <summary>The error's code, which is a number at some compatible servers, or its type.</summary>
    public static string? Type(JsonElement error) =>
        error.Text("code") ?? error.Count("code")?.ToString(CultureInfo.InvariantCulture) ?? error.Text("type");
}
