using System.Collections;
using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Writes numbers and blocks as the messages of assertions show them.</summary>
internal static class Texts
{
    public static string Dollars(decimal amount) => "$" + amount.ToString("0.##########", CultureInfo.InvariantCulture);

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s";

    /// <summary>Returns the value of an attribute. A list is its items with commas between.</summary>
    public static string Value(object? value) => value is IEnumerable items and not string
        ? string.Join(", ", items.Cast<object?>().Select(Value))
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    public static string Indent(string block) => "  " + block.Replace("\n", "\n  ", StringComparison.Ordinal);

    public static string List(IEnumerable<string> items) => string.Join("\n", items.Select(item => "  - " + item));

    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
