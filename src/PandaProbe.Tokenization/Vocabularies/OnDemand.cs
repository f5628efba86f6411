namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Creates a value on first use. After a failure the next use tries again, because memory may be available by then. A <see cref="Lazy{T}"/>
/// would keep the exception for the life of the process.
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
