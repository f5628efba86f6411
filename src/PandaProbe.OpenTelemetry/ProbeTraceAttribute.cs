namespace PandaProbe;

/// <summary>
/// Records every call of the method as a trace: its arguments as the input, its result as the output. An exception fails the trace and
/// reaches the caller unchanged. The compiler replaces the calls in projects that reference this package; calls from other assemblies are
/// not recorded.
/// </summary>
/// <example>
/// <code>
/// [ProbeTrace("support", SessionId = "{conversationId}", Tags = ["production"])]
/// public async Task&lt;string&gt; AnswerAsync(string conversationId, string question) { … }
/// </code>
/// </example>
/// <param name="name">The name of the trace. <see langword="null"/>, the default, takes the method's name.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProbeTraceAttribute(string? name = null) : Attribute
{
    /// <summary>Gets the name of the trace. <see langword="null"/>, the default, takes the method's name.</summary>
    public string? Name { get; } = name;

    /// <summary>
    /// Gets or sets the session (conversation) of the trace. <c>{parameter}</c> stands for the value of that parameter.
    /// <see langword="null"/>, the default, takes the current session.
    /// </summary>
    public string? SessionId { get; set; }

    /// <summary>
    /// Gets or sets the end user of the trace. <c>{parameter}</c> stands for the value of that parameter. <see langword="null"/>, the
    /// default, takes the current user.
    /// </summary>
    public string? UserId { get; set; }

    /// <summary>Gets or sets the labels of the trace and of all spans below it.</summary>
    public string[]? Tags { get; set; }
}
