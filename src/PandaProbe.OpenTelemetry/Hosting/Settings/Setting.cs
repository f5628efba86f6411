using Microsoft.Extensions.Configuration;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting.Settings;

/// <summary>Describes one option that configuration or the environment can set.</summary>
/// <param name="key">The key in the section <c>PandaProbe</c>, equal to the path of the property; <see langword="null"/> if only a variable
/// sets it.</param>
/// <param name="variable">The environment variable; <see langword="null"/> if only the section sets it.</param>
/// <param name="expected">Describes the valid values, for messages.</param>
/// <param name="apply">Sets the option from a text; returns false if the text is invalid.</param>
internal sealed class Setting(string? key, string? variable, string expected, Func<PandaProbeOptions, string, bool> apply)
{
    /// <summary>The configuration section of all settings.</summary>
    public const string Section = "PandaProbe";

    public string? Key => key;

    public string? Variable => variable;

    /// <summary>Gets the effect of an invalid value, for the warning.</summary>
    public string Consequence { get; init; } = "The default is used.";

    public static Setting Of<T>(string? key, string? variable, Parser<T> parse, Action<PandaProbeOptions, T> set) =>
        new(key, variable, parse.Expected, (options, text) =>
        {
            if (!parse.TryParse(text, out T? value))
                return false;

            set(options, value!);
            return true;
        });

    /// <summary>
    /// Sets the option if a value is present. An invalid value is only reported, because a typing error in a deployment must not stop the
    /// application.
    /// </summary>
    public void Read(PandaProbeOptions options, IConfiguration? configuration)
    {
        if (Text(configuration) is not { } text || apply(options, text))
            return;

        string path = $"{Section}:{key}";
        string name = variable is null ? path : key is null ? variable : $"{variable} ({path})";
        PandaProbeEventSource.Log.ConfigurationProblem($"'{text}' is not a value for {name}: set it to {expected}. {Consequence}");
    }

    public string? Text(IConfiguration? configuration)
    {
        string? text = key is null ? null : configuration?[$"{Section}:{key}"];
        if (string.IsNullOrWhiteSpace(text) && variable is not null)
            text = configuration?[variable];
        if (string.IsNullOrWhiteSpace(text) && variable is not null)
            text = System.Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
