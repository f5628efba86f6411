namespace PandaProbe.Local.Commands;

/// <summary>The arguments of a command: <c>--name value</c>, <c>--name=value</c>, <c>--flag</c>, and what has no name.</summary>
internal sealed class CommandOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CommandOptions()
    {
    }

    public List<string> Rest { get; } = [];

    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Returns what is wrong with the arguments, or null.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="values">The options that have a value.</param>
    /// <param name="flags">The options that have none.</param>
    /// <param name="most">How many arguments without a name are taken.</param>
    /// <param name="options">The result.</param>
    public static string? TryParse(
        string[] args, ReadOnlySpan<string> values, ReadOnlySpan<string> flags, int most, out CommandOptions options)
    {
        options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                options.Rest.Add(name);
                if (options.Rest.Count > most)
                    return $"'{name}' is one argument too many.";
                continue;
            }

            string? value = null;
            if (name.IndexOf('=') is > 0 and int equals)
                (name, value) = (name[..equals], name[(equals + 1)..]);
            if (flags.Contains(name) && value is null)
            {
                options._values[name] = "";
                continue;
            }

            if (!values.Contains(name))
                return flags.Contains(name) ? $"{name} takes no value." : $"There is no option {name}.";
            value ??= ++i < args.Length ? args[i] : null;
            if (value is null)
                return $"{name} needs a value.";
            options._values[name] = value;
        }

        return null;
    }

    /// <summary>
    /// Returns the number of an option, or what is used without it; <see langword="null"/> when it is no number from 1 on.
    /// </summary>
    public int? Number(string name, int otherwise) =>
        this[name] is not { } text ? otherwise : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int number)
            && number > 0 ? number : null;
}
