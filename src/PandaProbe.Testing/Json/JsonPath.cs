using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Paths in JSON as failures print them: <c>$.body.messages[1].content</c>.</summary>
internal static class JsonPath
{
    public static string Of(string parent, string name) =>
        name.Length > 0 && name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-')
            ? $"{parent}.{name}" : $"{parent}['{name}']";

    public static string Of(string parent, int index) => $"{parent}[{index.ToString(CultureInfo.InvariantCulture)}]";
}
