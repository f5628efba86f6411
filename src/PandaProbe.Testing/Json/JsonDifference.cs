using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>One place where two values of JSON differ. The order of properties and the form of numbers do not matter.</summary>
/// <param name="Path">The place.</param>
/// <param name="Expected">The expected value. Its kind is <see cref="JsonValueKind.Undefined"/> where none is expected.</param>
/// <param name="Actual">The actual value. Its kind is <see cref="JsonValueKind.Undefined"/> where there is none.</param>
internal sealed record JsonDifference(string Path, JsonElement Expected, JsonElement Actual)
{
    private const int MaxShown = 60;

    /// <summary>Gets whether both values are texts, in which a line can be named.</summary>
    public bool AreTexts => Expected.ValueKind == JsonValueKind.String && Actual.ValueKind == JsonValueKind.String;

    /// <summary>Gets how far apart the two values are: between 1 and 2 for two texts, otherwise 2.</summary>
    public double Distance
    {
        get
        {
            if (!AreTexts)
                return 2;

            string left = Expected.GetString()!;
            string right = Actual.GetString()!;
            int start = left.AsSpan().CommonPrefixLength(right);
            int end = 0;
            while (end < Math.Min(left.Length, right.Length) - start && left[^(end + 1)] == right[^(end + 1)])
                end++;
            return 2 - ((start + end) / (double)Math.Max(1, Math.Max(left.Length, right.Length)));
        }
    }

    /// <summary>Returns the first difference as a text for people, or <see langword="null"/>.</summary>
    /// <inheritdoc cref="Between"/>
    public static string? First(
        JsonElement expected, JsonElement actual, bool allowsMore = false, IReadOnlyCollection<string>? ignored = null,
        string path = "$") =>
        Between(expected, actual, allowsMore, ignored, path).FirstOrDefault()?.ToString();

    /// <summary>Returns all differences, in the order of the expected value.</summary>
    /// <param name="expected">The expected value.</param>
    /// <param name="actual">The actual value.</param>
    /// <param name="allowsMore">Whether objects of <paramref name="actual"/> may have further properties, at any depth.</param>
    /// <param name="ignored">The names of properties that are not compared, at any depth; <see langword="null"/> for none.</param>
    /// <param name="path">The place of the values.</param>
    public static IEnumerable<JsonDifference> Between(
        JsonElement expected, JsonElement actual, bool allowsMore = false, IReadOnlyCollection<string>? ignored = null, string path = "$")
    {
        return (expected.ValueKind, actual.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) =>
                Names(expected).Union(allowsMore ? [] : Names(actual)).Where(name => ignored?.Contains(name) is not true)
                    .SelectMany(name => Members(Property(expected, name), Property(actual, name), JsonPath.Of(path, name))),
            (JsonValueKind.Array, JsonValueKind.Array) =>
                Enumerable.Range(0, Math.Max(expected.GetArrayLength(), actual.GetArrayLength()))
                    .SelectMany(index => Members(Item(expected, index), Item(actual, index), JsonPath.Of(path, index))),
            _ => CanonicalJson.Of(expected) == CanonicalJson.Of(actual) && expected.ValueKind == actual.ValueKind
                ? [] : [new(path, expected, actual)],
        };

        IEnumerable<JsonDifference> Members(JsonElement left, JsonElement right, string place) =>
            Between(left, right, allowsMore, ignored, place);
    }

    /// <summary>Returns the difference as a text for people: <c>$.order should be "A2" and is "A1"</c>.</summary>
    public override string ToString() => (Expected.ValueKind, Actual.ValueKind) switch
    {
        (_, JsonValueKind.Undefined) => $"{Path} should be {Shown(Expected)} and is missing",
        (JsonValueKind.Undefined, _) => $"{Path} is {Shown(Actual)} and is not expected",
        _ => $"{Path} should be {Shown(Expected)} and is {Shown(Actual)}",
    };

    private static IEnumerable<string> Names(JsonElement value) => value.EnumerateObject().Select(property => property.Name);

    private static JsonElement Property(JsonElement value, string name) =>
        value.TryGetProperty(name, out JsonElement found) ? found : default;

    private static JsonElement Item(JsonElement value, int index) => index < value.GetArrayLength() ? value[index] : default;

    private static string Shown(JsonElement value) => TextCut.Short(CanonicalJson.Of(value), MaxShown);
}
