using System.Diagnostics;

namespace PandaProbe.Calls;

/// <summary>
/// What a wrapped client knows about a call that another library's span around it already stands for. Kept beside that span until it
/// ends, because its owner goes on writing to it.
/// </summary>
internal sealed class Enrichment
{
    private const string PropertyName = "pandaprobe.call";

    private readonly List<KeyValuePair<string, object?>> _tags = [];
    private bool _isVoid;

    /// <summary>The enrichment of a span that nothing has enriched yet. A second call below the same span shows that the span stands for several: then for none.</summary>
    public static Enrichment? Of(Activity activity)
    {
        if (activity.GetCustomProperty(PropertyName) is Enrichment earlier)
        {
            earlier._isVoid = true;
            return null;
        }

        Enrichment enrichment = new();
        activity.SetCustomProperty(PropertyName, enrichment);
        return enrichment;
    }

    public void Set(string key, object? value) => _tags.Add(new(key, value));

    public static void Apply(Activity activity)
    {
        if (activity.GetCustomProperty(PropertyName) is not Enrichment { _isVoid: false } enrichment)
            return;

        foreach (var (key, value) in enrichment._tags)
            activity.SetTag(key, value);
    }
}
