namespace PandaProbe.Recording;

/// <summary>The tokens of a call as its provider reported them: the parts are included in the wholes.</summary>
internal record struct CallUsage
{
    public long? Input { get; set; }

    public long? Output { get; set; }

    public long? CacheRead { get; set; }

    public long? CacheCreation { get; set; }

    public long? Reasoning { get; set; }

    /// <summary>Anything else, by its key.</summary>
    public List<KeyValuePair<string, long>>? Others { get; set; }

    public readonly bool IsEmpty => Input is null && Output is null && CacheRead is null && CacheCreation is null && Reasoning is null && Others is null;

    public void Add(string key, long count)
    {
        if (count != 0)
            (Others ??= []).Add(new(key, count));
    }
}
