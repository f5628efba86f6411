using System.Globalization;

namespace PandaProbe.Tools.Mutations;

/// <summary>What the command line says.</summary>
internal sealed class Settings
{
    public const string Usage = """
        Usage: dotnet run -c Release --project build/tools/Mutations -- --project src/<library> [options]
          --seed <n>         which changes are drawn (1)
          --count <n>        how many changes are drawn (100)
          --only <n,n,…>     runs only these of the drawn changes, by their number
          --minutes <n>      draws no further change after this time
          --patience <n>     seconds of tests for one change (90)
          --baseline <file>  reads what every test reaches from this file, or writes it
          --no-build true    takes the test projects as they are built
        """;

    private static readonly string[] Names =
        ["--project", "--seed", "--count", "--only", "--minutes", "--patience", "--baseline", "--no-build"];

    private readonly Dictionary<string, string> _values;

    private Settings(string root, Dictionary<string, string> values)
    {
        Root = root;
        _values = values;
    }

    public string Root { get; }

    public string Project => Path.Combine(Root, _values["--project"].TrimEnd('/'));

    public string Assembly => Path.GetFileName(Project);

    public int Seed => Number("--seed", 1);

    public int Count => Number("--count", 100);

    public IReadOnlySet<int>? Only => _values.GetValueOrDefault("--only")?.Split(',').Select(Parsed).ToHashSet();

    public TimeSpan Limit => TimeSpan.FromMinutes(Number("--minutes", 60 * 24));

    public TimeSpan Patience => TimeSpan.FromSeconds(Number("--patience", 90));

    public string? Baseline => _values.GetValueOrDefault("--baseline");

    public bool Build => !_values.ContainsKey("--no-build");

    /// <summary>Null when the command line cannot be understood.</summary>
    public static Settings? Parse(string[] args)
    {
        string? root = Directory.GetCurrentDirectory();
        while (root is not null && !File.Exists(Path.Combine(root, "global.json")))
            root = Path.GetDirectoryName(root);

        var values = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        return root is not null
            && args.Length == 2 * values.Count
            && values.Keys.All(Names.Contains)
            && values.TryGetValue("--project", out string? project)
            && Directory.Exists(Path.Combine(root, project))
                ? new(root, values)
                : null;
    }

    private int Number(string name, int otherwise) => _values.TryGetValue(name, out string? value) ? Parsed(value) : otherwise;

    private static int Parsed(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
