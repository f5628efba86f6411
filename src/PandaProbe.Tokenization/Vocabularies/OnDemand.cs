namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Made when it is first asked for, once. Where that fails, whoever asks next tries again: the memory that was short may be there by then, and a
/// <see cref="Lazy{T}"/> would fail for as long as the process lives.
/// </summary>
internal sealed class OnDemand<T>(Func<T> make)
    where T : class
{
    private readonly object _making = new();
    private volatile T? _value;

    public bool IsThere => _value is not null;

    public T Value => _value ?? Make();

    private T Make()
    {
        lock (_making)
            return _value ??= make();
    }
}
