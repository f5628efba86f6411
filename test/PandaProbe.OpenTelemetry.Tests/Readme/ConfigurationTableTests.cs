using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using PandaProbe.Hosting;

namespace PandaProbe.Readme;

public sealed partial class ConfigurationTableTests
{
    private const string Page = "src/PandaProbe.OpenTelemetry/Options/README.md";

    private static readonly Dictionary<string, string[]> Rows =
        ReadmeTables.RowsUnder("## Configuration", Page).ToDictionary(cells => cells[0].Trim('`'));

    public static TheoryData<string, string> Settings()
    {
        TheoryData<string, string> settings = [];
        foreach (var (option, cells) in Rows)
        {
            foreach (Match name in Name().Matches(cells[1] + cells[2]))
                settings.Add(option, name.Value);
        }

        return settings;
    }

    [Fact]
    public void Every_option_has_its_row_and_every_row_its_option() =>
        Rows.Keys.ShouldBe(Options().Select(option => option.Name), ignoreOrder: true, customMessage: $"{Page}: one row for each settable property of PandaProbeOptions");

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_name_in_the_table_sets_its_option(string option, string name)
    {
        PropertyInfo property = Options().Single(candidate => candidate.Name == option);
        PandaProbeOptions options = new();
        object? before = property.GetValue(options);

        // The reader takes variables from the host's configuration as well: no need to touch the process's environment.
        PandaProbeOptionsReader.Read(
            options, new ConfigurationBuilder().AddInMemoryCollection([new(name, OtherThan(before, property.PropertyType))]).Build());

        property.GetValue(options).ShouldNotBe(before);
    }

    private static IEnumerable<PropertyInfo> Options() =>
        typeof(PandaProbeOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    private static string OtherThan(object? value, Type type) => value switch
    {
        bool flag => (!flag).ToString(),
        int number => (number + 1).ToString(CultureInfo.InvariantCulture),
        long number => (number + 1).ToString(CultureInfo.InvariantCulture),
        TimeSpan interval => (interval.TotalSeconds + 1).ToString(CultureInfo.InvariantCulture),
        Uri => "https://pandaprobe.example",
        ProbeExport => nameof(ProbeExport.Both),
        null when type == typeof(string) => "something",
        _ => throw new NotSupportedException($"Say here what else a {type} can be set to."),
    };

    [GeneratedRegex("(?<=`)(PandaProbe:|PANDAPROBE_|OTEL_)[A-Za-z_]+(?=`)")]
    private static partial Regex Name();
}
