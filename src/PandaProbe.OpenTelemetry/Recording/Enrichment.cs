using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>
/// Holds the tags of a wrapped client for another library's span of the same call. They are written when that span ends, because its owner
/// may still overwrite them before.
/// </summary>
internal sealed class Enrichment
{
    private const string PropertyName = "pandaprobe.call";

    private readonly List<KeyValuePair<string, object?>> _tags = [];

    public IReadOnlyList<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>Gets whether the span covers several calls.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>
    /// Adds an enrichment to a span that has none; <see langword="null"/> when it has one. A second call below the same span shows that the
    /// span covers several calls. Then only the tokens of the first are written.
    /// </summary>
    public static Enrichment? Of(Activity activity)
    {
        if (activity.GetCustomProperty(PropertyName) is Enrichment earlier)
        {
            earlier.IsVoid = true;
            return null;
        }

        Enrichment enrichment = new();
        activity.SetCustomProperty(PropertyName, enrichment);
        return enrichment;
    }

    public void Set(string key, object? value) => _tags.Add(new(key, value));

    /// <summary>Returns the enrichment of <paramref name="activity"/>; <see langword="null"/> when it has none.</summary>
    public static Enrichment? Find(Activity activity) => activity.GetCustomProperty(PropertyName) as Enrichment;
}
