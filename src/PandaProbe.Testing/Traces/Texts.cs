using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Writes numbers and blocks as the messages of assertions show them.</summary>
internal static class Texts
{
    public static string Dollars(decimal amount) => "$" + amount.ToString("0.##########", CultureInfo.InvariantCulture);

    public static string Indent(string block) => "  " + block.Replace("\n", "\n  ", StringComparison.Ordinal);

    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
