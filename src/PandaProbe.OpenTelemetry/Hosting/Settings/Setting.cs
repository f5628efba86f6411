using Microsoft.Extensions.Configuration;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting.Settings;

/// <summary>One option that configuration and the environment can set.</summary>
/// <param name="key">Its key in the section <c>PandaProbe</c>, which is the path of its property; <see langword="null"/> when only a variable sets it.</param>
/// <param name="variable">Its environment variable; <see langword="null"/> when only the section sets it.</param>
/// <param name="expected">What its value may be, for people.</param>
/// <param name="apply">Sets the option from a text; false when the text is no value of it.</param>
internal sealed class Setting(string? key, string? variable, string expected, Func<PandaProbeOptions, string, bool> apply)
{
    /// <summary>The configuration section of all settings.</summary>
    public const string Section = "PandaProbe";

    public string? Key => key;

    public string? Variable => variable;

    /// <summary>What follows from a value that makes no sense.</summary>
    public string Consequence { get; init; } = "The default is used.";

    public static Setting Of<T>(string? key, string? variable, Parser<T> parse, Action<PandaProbeOptions, T> set) =>
        new(key, variable, parse.Expected, (options, text) =>
        {
            if (!parse.TryParse(text, out T? value))
                return false;

            set(options, value!);
            return true;
        });

    /// <summary>Sets the option when it is set to something. A value that makes no sense is reported: a typing error in a deployment must not stop the application.</summary>
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
