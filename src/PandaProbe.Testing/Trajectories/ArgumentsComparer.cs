using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Decides whether a tool was called with the arguments that a trajectory expects.</summary>
/// <example><code>
/// options.ArgumentsOf["search"] = ArgumentsComparer.Ignored;
/// options.ArgumentsOf["refund"] = ArgumentsComparer.From(
///     (expected, actual) => actual.GetProperty("amount").GetDecimal() &lt;= expected.GetProperty("amount").GetDecimal());
/// </code></example>
public sealed class ArgumentsComparer
{
    private readonly Func<JsonElement, JsonElement, string?> _difference;

    private ArgumentsComparer(Func<JsonElement, JsonElement, string?> difference) => _difference = difference;

    /// <summary>
    /// Gets the comparer that wants the same value of JSON. The order of properties, white space, and how a number is written do not
    /// matter.
    /// </summary>
    public static ArgumentsComparer Exact { get; } = new((expected, actual) => JsonDifference.First(expected, actual));

    /// <summary>
    /// Gets the comparer that wants every expected property, and lets the call have others beside it. A step without arguments expects
    /// none of them.
    /// </summary>
    public static ArgumentsComparer Subset { get; } = new((expected, actual) =>
        expected.ValueKind == JsonValueKind.Undefined ? null : JsonDifference.First(expected, actual, allowsMore: true));

    /// <summary>Gets the comparer that takes any arguments: only the name of the tool counts.</summary>
    public static ArgumentsComparer Ignored { get; } = new((_, _) => null);

    /// <summary>Makes a comparer that compares some properties exactly, and ignores the others.</summary>
    /// <param name="properties">The names of the properties. One that both sides lack is equal.</param>
    public static ArgumentsComparer Only(params string[] properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        string[] names = [.. properties];
        return new ArgumentsComparer((expected, actual) => names.Select(
            name => JsonDifference.First(Property(expected, name), Property(actual, name), path: JsonPath.Of("$", name)))
            .FirstOrDefault(difference => difference is not null));
    }

    /// <summary>Makes a comparer from a function of the expected and the actual arguments.</summary>
    /// <param name="areEqual">
    /// Returns whether the call is as expected. Where arguments are not known the element's kind is <see cref="JsonValueKind.Undefined"/>.
    /// </param>
    public static ArgumentsComparer From(Func<JsonElement, JsonElement, bool> areEqual)
    {
        ArgumentNullException.ThrowIfNull(areEqual);
        return new ArgumentsComparer((expected, actual) => areEqual(expected, actual) ? null : "the comparer of this tool says no");
    }

    internal string? FindDifference(JsonElement expected, JsonElement actual) => _difference(expected, actual);

    private static JsonElement Property(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement found) ? found : default;
}
