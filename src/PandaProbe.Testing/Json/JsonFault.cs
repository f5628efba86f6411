using System.Globalization;
using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Says where a text is not JSON. The message of the exception counts lines from zero, and explains the parser.</summary>
internal static class JsonFault
{
    public static string Of(JsonException exception) => exception.LineNumber is not { } line ? "it is not JSON" : string.Create(
        CultureInfo.InvariantCulture, $"it is not JSON from line {line + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}");
}
