using System.Diagnostics;

namespace PandaProbe.Processing;

/// <summary>Says what leaves in place of the texts of a span.</summary>
internal abstract class TextChange
{
    /// <summary>Returns what leaves in place of the value of an attribute: the same instance to change nothing,
    /// <see langword="null"/> to leave the attribute out.</summary>
    public abstract object? Value(string attribute, object? value);

    /// <summary>Returns what leaves in place of the name of a span, an event or an attribute.</summary>
    public virtual string Name(string name) => name;

    /// <summary>Returns the attributes with their changes; <see langword="null"/> when nothing changes.</summary>
    public ActivityTagsCollection? Of(IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        ActivityTagsCollection changed = [];
        bool isChanged = false;
        foreach ((string name, object? value) in attributes)
        {
            object? safe = Value(name, value);
            string safeName = Name(name);
            isChanged |= !ReferenceEquals(safe, value) || !ReferenceEquals(safeName, name);
            if (safe is not null || value is null)
                changed[safeName] = safe;
        }

        return isChanged ? changed : null;
    }
}
