using System.Reflection;
using System.Text.RegularExpressions;
using PandaProbe.Conventions;

namespace PandaProbe.Readme;

public sealed partial class AttributeTableTests
{
    private const string Page = "src/PandaProbe.OpenTelemetry/Conventions/README.md";
    private const string Backends = "src/PandaProbe.OpenTelemetry/Conventions/backends.md";

    [Fact]
    public void Every_attribute_in_the_table_is_one_that_the_library_knows()
    {
        HashSet<string> known = [.. Constants(typeof(GenAI)), .. Constants(typeof(General)), .. Constants(typeof(Pandaprobe))];
        string[] mentioned = [.. ReadmeTables.RowsUnder("# How fields become attributes", Page)
            .SelectMany(cells => Attribute().Matches(cells[1])).Select(match => match.Value)];

        mentioned.Length.ShouldBeGreaterThan(30);
        mentioned.ShouldAllBe(name => known.Contains(name), Page);
    }

    [Fact]
    public void The_table_of_bridges_is_the_one_in_the_code()
    {
        string[] expected = [.. Bridges.All.Select(bridge =>
            $"{bridge.Name} | {(bridge.Dialect == ProbeDialects.None ? "always" : $"`{bridge.Dialect}`")} | {bridge.ReadBy}")];

        ReadmeTables.RowsUnder("## Bridges to other backends", Page)
            .Select(cells => $"{Placeholder().Replace(cells[0].Trim('`'), "")} | {cells[1]} | {cells[2]}").ShouldBe(expected);
    }

    [Fact]
    public void The_table_of_backends_names_dialects_that_exist_and_every_one_of_them()
    {
        string text = string.Join('\n', ReadmeTables.RowsUnder("# What each backend shows", Backends).SelectMany(cells => cells));

        Dialect().Matches(text).Select(match => match.Value).Distinct().Order()
            .ShouldBe(Enum.GetNames<ProbeDialects>().Except([nameof(ProbeDialects.None)]).Order());
    }

    [Fact]
    public void The_table_of_backends_says_shows_partly_or_lost_of_every_field()
    {
        string[][] rows = [.. ReadmeTables.RowsUnder("# What each backend shows", Backends).Where(cells => cells.Length == 6)
            .Select(cells => cells[1..].ToArray())];

        rows.Length.ShouldBeGreaterThan(14);
        rows.SelectMany(cells => cells).ShouldAllBe(cell => Showing().IsMatch(cell));
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Concat(type.GetNestedTypes().SelectMany(Constants));

    [GeneratedRegex("^(shows|partly: .+|lost( \\(`[A-Za-z]+`\\))?)$")]
    private static partial Regex Showing();

    [GeneratedRegex("<.*$")]
    private static partial Regex Placeholder();

    [GeneratedRegex("(?<=`)[A-Z][A-Za-z]+(?=`)")]
    private static partial Regex Dialect();

    // Whole names, and the prefix of those that end with a key of the caller's.
    [GeneratedRegex("(?<=`)(gen_ai|pandaprobe|openinference|session|user|tag|input|output|error|retrieval)\\.[a-z_.]+(?=`|<)")]
    private static partial Regex Attribute();
}
