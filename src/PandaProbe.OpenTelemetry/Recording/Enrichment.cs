using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>
/// What a wrapped client knows about a call that another library's span around it already stands for. Kept beside that span until it
/// ends, because its owner goes on writing to it.
/// </summary>
internal sealed class Enrichment
{
    private const string PropertyName = "pandaprobe.call";

    private readonly List<KeyValuePair<string, object?>> _tags = [];

    public IReadOnlyList<KeyValuePair<string, object?>> Tags => _tags;

    /// <summary>Whether the span turned out to stand for several calls.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>The enrichment of a span that nothing has enriched yet. A second call below the same span shows that the span stands for several: then it keeps no more than the tokens of the first.</summary>
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

    /// <summary>What wrapped clients know about the call that <paramref name="activity"/> stands for.</summary>
    public static Enrichment? Find(Activity activity) => activity.GetCustomProperty(PropertyName) as Enrichment;
}
