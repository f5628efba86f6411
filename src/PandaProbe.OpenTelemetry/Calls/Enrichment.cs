using System.Diagnostics;
using PandaProbe.Processing;

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

    /// <summary>The enrichment of a span that nothing has enriched yet. A second call below the same span shows that the span stands for several: then it keeps no more than the tokens of the first.</summary>
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
        if (activity.GetCustomProperty(PropertyName) is not Enrichment enrichment)
            return;

        // The later calls report their tokens on spans of their own: of the sum over all, this one keeps those of the first.
        if (enrichment._isVoid)
            SummedUsage.Move(activity);
        foreach (var (key, value) in enrichment._tags)
        {
            if (!enrichment._isVoid || SummedUsage.IsCount(key))
                activity.SetTag(key, value);
        }
    }
}
