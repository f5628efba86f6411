using Microsoft.Extensions.Configuration;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting.Settings;

/// <summary>Reports unknown keys of the configuration section, each with the most similar known key.</summary>
internal static class UnknownSettings
{
    private static readonly string[] Keys = [.. SettingTable.All.Select(setting => setting.Key).OfType<string>(), SettingTable.Prices];

    public static void Report(IConfiguration? configuration)
    {
        if (configuration is not null)
            Report(configuration.GetSection(Setting.Section), prefix: "");
    }

    private static void Report(IConfigurationSection section, string prefix)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string key = prefix + child.Key;
            if (Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
                continue;

            if (Keys.Any(known => known.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)))
            {
                Report(child, key + ":");
                continue;
            }

            string advice = Nearest(key) is { } nearest ? $" Did you mean '{Setting.Section}:{nearest}'?" : "";
            PandaProbeEventSource.Log.ConfigurationProblem(
                $"'{Setting.Section}:{key}' is not a setting of PandaProbe and was ignored.{advice}");
        }
    }

    /// <summary>Returns the known key with the most similar last part; <see langword="null"/> if none is similar.</summary>
    private static string? Nearest(string key)
    {
        string name = LastPart(key);
        (string Known, int Changes) nearest = Keys.Select(known => (known, Changes(name, LastPart(known))))
            .MinBy(candidate => candidate.Item2);
        return nearest.Changes <= name.Length / 3 ? nearest.Known : null;
    }

    private static string LastPart(string key) => key[(key.LastIndexOf(':') + 1)..].ToUpperInvariant();

    /// <summary>Returns the Levenshtein distance.</summary>
    private static int Changes(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
