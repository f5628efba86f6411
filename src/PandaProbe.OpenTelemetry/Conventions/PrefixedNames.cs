using System.Collections.Concurrent;

namespace PandaProbe.Conventions;

/// <summary>
/// Joins a prefix and a caller's key, and caches the result. The cache is bounded, because keys may be generated at run time.
/// </summary>
internal sealed class PrefixedNames
{
    private const int Capacity = 1024;

    public static readonly PrefixedNames Metadata = new(Pandaprobe.Metadata.Prefix);
    public static readonly PrefixedNames Usage = new(Pandaprobe.Usage.Prefix);
    public static readonly PrefixedNames Cost = new(Pandaprobe.Cost.Prefix);
    public static readonly PrefixedNames ModelParameters = new(Pandaprobe.ModelParameters.Prefix);

    /// <summary>The conventions' name for the span of a model call: <c>chat</c> and the model.</summary>
    public static readonly PrefixedNames Chat = new(GenAI.Operation.Chat + " ");

    /// <summary>The conventions' name for the span of a call for embeddings: <c>embeddings</c> and the model.</summary>
    public static readonly PrefixedNames Embeddings = new(GenAI.Operation.Embeddings + " ");

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private int _count;

    private PrefixedNames(string prefix) => _prefix = prefix;

    public string this[string key]
    {
        get
        {
            if (_names.TryGetValue(key, out string? name))
                return name;

            name = _prefix + key;
            if (Volatile.Read(ref _count) < Capacity && _names.TryAdd(key, name))
                Interlocked.Increment(ref _count);
            return name;
        }
    }
}
