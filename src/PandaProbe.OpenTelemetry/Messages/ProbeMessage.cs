namespace PandaProbe;

/// <summary>One message of a conversation with a model.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or a role of your provider.</param>
/// <param name="Content">What is said. <see langword="null"/> counts as empty.</param>
/// <example>
/// <code>
/// span.SetInput([ProbeMessage.System("You are terse."), ProbeMessage.User("Which city is the capital of France?")]);
/// </code>
/// </example>
public readonly record struct ProbeMessage(string Role, string Content)
{
    /// <summary>Instructions to the model.</summary>
    public static ProbeMessage System(string content) => new("system", content);

    /// <summary>What the user says.</summary>
    public static ProbeMessage User(string content) => new("user", content);

    /// <summary>What the model answers.</summary>
    public static ProbeMessage Assistant(string content) => new("assistant", content);

    /// <summary>What a tool returned to the model.</summary>
    public static ProbeMessage Tool(string content) => new("tool", content);
}
