using System.Reflection;
using System.Text.RegularExpressions;
using PandaProbe.Conventions;

namespace PandaProbe.Readme;

public sealed partial class AttributeTableTests
{
    private const string Page = "src/PandaProbe.OpenTelemetry/Conventions/README.md";

    [Fact]
    public void Every_attribute_in_the_table_is_one_that_the_library_knows()
    {
        HashSet<string> known = [.. Constants(typeof(GenAI)), .. Constants(typeof(General)), .. Constants(typeof(Pandaprobe))];
        string[] mentioned = [.. ReadmeTables.RowsUnder("# How fields become attributes", Page)
            .SelectMany(cells => Attribute().Matches(cells[1])).Select(match => match.Value)];

        mentioned.Length.ShouldBeGreaterThan(30);
        mentioned.ShouldAllBe(name => known.Contains(name), Page);
    }

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Concat(type.GetNestedTypes().SelectMany(Constants));

    // Whole names, and the prefix of those that end with a key of the caller's.
    [GeneratedRegex("(?<=`)(gen_ai|pandaprobe|openinference|session|user|tag|input|output|error)\\.[a-z_.]+(?=`|<)")]
    private static partial Regex Attribute();
}
