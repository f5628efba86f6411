namespace PandaProbe.Testing;

/// <summary>
/// Says that a trace is not as a test expects. Every runner shows its message. It derives from no runner's exception, so that one package
/// serves all of them.
/// </summary>
public sealed class ProbeAssertionException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public ProbeAssertionException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    public ProbeAssertionException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception with a message and its cause.</summary>
    public ProbeAssertionException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
