using System.Diagnostics;
using System.Reflection;

namespace PandaProbe.Processing;

/// <summary>
/// Replaces the events and links of a span. <see cref="Activity"/> has no way to remove any, so its list is replaced as a whole, which
/// other threads see at once.
/// </summary>
internal static class SpanLists
{
    private const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Instance;

    // A trimmed program keeps the fields, because their names are written here.
    private static readonly FieldInfo? Events = typeof(Activity).GetField("_events", Private);
    private static readonly FieldInfo? Links = typeof(Activity).GetField("_links", Private);

    /// <summary>Gets or sets whether this version of .NET has the lists. A test says that it has not.</summary>
    public static bool CanReplace { get; set; } = Events is not null && Links is not null;

    /// <summary>Returns <see langword="false"/> when something had to change and could not.</summary>
    public static bool TryChange(Activity span, TextChange change) => TryChangeEvents(span, change) && TryChangeLinks(span, change);

    private static bool TryChangeEvents(Activity span, TextChange change)
    {
        List<ActivityEvent>? events = null;
        int index = 0;
        foreach (ref readonly ActivityEvent recorded in span.EnumerateEvents())
        {
            ActivityTagsCollection? tags = change.Of(recorded.Tags);
            string name = change.Name(recorded.Name);
            if (tags is not null || !ReferenceEquals(name, recorded.Name))
                (events ??= [.. span.Events])[index] = new(name, recorded.Timestamp, tags ?? [.. recorded.Tags]);
            index++;
        }

        if (events is null)
            return true;

        using Activity filled = new("");
        foreach (ActivityEvent safe in events)
            filled.AddEvent(safe);
        return TryReplace(Events, span, filled);
    }

    private static bool TryChangeLinks(Activity span, TextChange change)
    {
        List<ActivityLink>? links = null;
        int index = 0;
        foreach (ref readonly ActivityLink link in span.EnumerateLinks())
        {
            if (link.Tags is { } attributes && change.Of(attributes) is { } tags)
                (links ??= [.. span.Links])[index] = new(link.Context, tags);
            index++;
        }

        if (links is null)
            return true;

        using Activity filled = new("");
        foreach (ActivityLink safe in links)
            filled.AddLink(safe);
        return TryReplace(Links, span, filled);
    }

    private static bool TryReplace(FieldInfo? list, Activity span, Activity filled)
    {
        if (!CanReplace || list!.GetValue(filled) is not { } safe)
            return false;

        list.SetValue(span, safe);
        return true;
    }
}
