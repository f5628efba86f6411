using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using PandaProbe.Hosting.Settings;
using PandaProbe.Safety;

namespace PandaProbe.Readme;

public sealed partial class ConfigurationTableTests
{
    private const string File = "src/PandaProbe.OpenTelemetry/Options/README.md";

    private static readonly Dictionary<string, string[]> Rows = (
        (string[])["## What is recorded", "## Content safety", "## Export to PandaProbe", "## Export over OTLP", "## Propagation",
        "## Prices"])
        .SelectMany(heading => ReadmeTables.RowsUnder(heading, File)).ToDictionary(cells => cells[0].Trim('`'));

    public static TheoryData<string, string> Settings()
    {
        TheoryData<string, string> settings = [];
        foreach ((string? option, string[]? cells) in Rows)
        {
            foreach (string name in Names(cells))
                settings.Add(option, name);
        }

        return settings;
    }

    [Fact]
    public void Every_option_has_its_row_and_every_row_its_option() =>
        Rows.Keys.ShouldBe(Options(typeof(PandaProbeOptions), ""), ignoreOrder: true,
            customMessage: $"{File}: one row for each settable property of PandaProbeOptions and its groups");

    [Fact]
    public void Every_setting_is_in_the_table() =>
        Rows.Values.SelectMany(Names).ShouldBe(
            SettingTable.All.SelectMany(setting => (string?[])[setting.Key is { } key ? $"PandaProbe:{key}" : null, setting.Variable])
            .OfType<string>(), ignoreOrder: true);

    [Fact]
    public void The_section_has_the_names_of_the_properties()
    {
        foreach ((string? option, string[]? cells) in Rows)
        {
            foreach (string key in Names(cells).Where(name => name.Contains(':')))
                key.ShouldBe("PandaProbe:" + option.Replace('.', ':'));
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_name_in_the_table_sets_its_option(string option, string name)
    {
        PandaProbeOptions options = new();
        object owner = options;
        foreach (string group in option.Split('.')[..^1])
            owner = owner.GetType().GetProperty(group)!.GetValue(owner)!;
        PropertyInfo property = owner.GetType().GetProperty(option.Split('.')[^1])!;
        object? before = property.GetValue(owner);

        // The reader takes variables from the host's configuration as well: no need to touch the process's environment.
        PandaProbeOptionsReader.Read(
            options, new ConfigurationBuilder().AddInMemoryCollection([new(name, OtherThan(before, property.PropertyType))]).Build());

        property.GetValue(owner).ShouldNotBe(before);
    }

    private static IEnumerable<string> Names(string[] cells) => Name().Matches(cells[1] + cells[2]).Select(match => match.Value);

    // A group is a property without a setter whose own properties are options; a list without a setter is an option. An indexer has no
    // name.
    private static IEnumerable<string> Options(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)
            .SelectMany(property =>
                property.SetMethod is null && property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
                    ? Options(property.PropertyType, $"{prefix}{property.Name}.")
                    : [prefix + property.Name]);

    private static string OtherThan(object? value, Type type) => value switch
    {
        bool flag => (!flag).ToString(),
        int number => (number + 1).ToString(CultureInfo.InvariantCulture),
        long number => (number + 1).ToString(CultureInfo.InvariantCulture),
        TimeSpan interval => (interval.TotalSeconds + 1).ToString(CultureInfo.InvariantCulture),
        Uri => "https://pandaprobe.example",
        ProbeDialects => $"{nameof(ProbeDialects.Langfuse)}, mlflow",
        ProbeExport => nameof(ProbeExport.Both),
        ProbeMessageContent => nameof(ProbeMessageContent.Events),
        SafetyOptions => "PersonalData",
        IReadOnlyList<string> => "example.com",
        null when type == typeof(string) => "something",
        _ => throw new NotSupportedException($"Say here what else a {type} can be set to."),
    };

    [GeneratedRegex("(?<=`)(PandaProbe:|PANDAPROBE_|OTEL_)[A-Za-z_:]+(?=`)")]
    private static partial Regex Name();
}
