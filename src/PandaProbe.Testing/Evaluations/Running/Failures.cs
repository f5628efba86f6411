namespace PandaProbe.Testing;

/// <summary>Writes exceptions for reports.</summary>
internal static class Failures
{
    /// <summary>Returns the message, with the type before it unless the type says nothing.</summary>
    public static string Text(Exception exception) =>
        exception is EvaluatorException or ProbeAssertionException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
}
