using System.Globalization;

namespace PandaProbe.Tools.Mutations;

/// <summary>What the command line says.</summary>
internal sealed record Settings(string Root, string Project)
{
    public const string Usage = """
        Usage: dotnet run -c Release --project build/tools/Mutations -- --project src/<library> [options]
          --seed <n>        which changes are drawn (1)
          --count <n>       how many changes are drawn (100)
          --only <n,n,…>    runs only these of the drawn changes, by their number
          --minutes <n>     draws no further change after this time
          --patience <n>    seconds of tests for one change (90)
          --baseline <file> reads what every test reaches from this file, or writes it
          --no-build        takes the test projects as they are built
        """;

    public int Seed { get; init; } = 1;

    public int Count { get; init; } = 100;

    public IReadOnlySet<int>? Only { get; init; }

    public TimeSpan Limit { get; init; } = TimeSpan.MaxValue;

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(90);

    public string? Baseline { get; init; }

    public bool Build { get; init; } = true;

    public string Assembly => Path.GetFileName(Project);

    public static Settings? Parse(string[] args)
    {
        string? root = Directory.GetCurrentDirectory();
        while (root is not null && !File.Exists(Path.Combine(root, "global.json")))
            root = Path.GetDirectoryName(root);

        Settings settings = new(root ?? "", "");
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--no-build")
            {
                settings = settings with { Build = false };
                continue;
            }

            if (++i == args.Length)
                return null;
            string value = args[i];
            switch (args[i - 1])
            {
                case "--project":
                    settings = settings with { Project = Path.Combine(settings.Root, value.TrimEnd('/')) };
                    break;
                case "--seed":
                    settings = settings with { Seed = Number(value) };
                    break;
                case "--count":
                    settings = settings with { Count = Number(value) };
                    break;
                case "--only":
                    settings = settings with { Only = value.Split(',').Select(Number).ToHashSet() };
                    break;
                case "--minutes":
                    settings = settings with { Limit = TimeSpan.FromMinutes(Number(value)) };
                    break;
                case "--patience":
                    settings = settings with { Patience = TimeSpan.FromSeconds(Number(value)) };
                    break;
                case "--baseline":
                    settings = settings with { Baseline = Path.GetFullPath(value) };
                    break;
                default:
                    return null;
            }
        }

        return root is not null && Directory.Exists(settings.Project) && settings.Assembly.Length > 0 && settings.Project != root ? settings : null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
