using System.Globalization;
using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads an error object inside a response.</summary>
internal static class ErrorJson
{
    /// <summary>Returns the error's code, or its type. Some compatible servers send the code as a number.</summary>
    public static string? Type(JsonElement error) =>
        error.Text("code") ?? error.Count("code")?.ToString(CultureInfo.InvariantCulture) ?? error.Text("type");
}
