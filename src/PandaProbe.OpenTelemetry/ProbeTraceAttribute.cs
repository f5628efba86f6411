namespace PandaProbe;

/// <summary>
/// Every call of this method is a trace: its arguments become the input, its result the output, and an exception fails it and passes through unchanged.
/// Works at compile time: the compiler replaces the calls that it sees in projects that reference this package.
/// </summary>
/// <example>
/// <code>
/// [ProbeTrace("support", SessionId = "{conversationId}", Tags = ["production"])]
/// public async Task&lt;string&gt; AnswerAsync(string conversationId, string question) { … }
/// </code>
/// </example>
/// <param name="name">What this kind of run is called; the method's name if not given.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProbeTraceAttribute(string? name = null) : Attribute
{
    /// <summary>What this kind of run is called; the method's name if not given.</summary>
    public string? Name { get; } = name;

    /// <summary>The conversation this run belongs to. <c>{parameter}</c> stands for the value of that parameter.</summary>
    public string? SessionId { get; set; }

    /// <summary>The end user it runs for. <c>{parameter}</c> stands for the value of that parameter.</summary>
    public string? UserId { get; set; }

    /// <summary>Labels to filter by.</summary>
    public string[]? Tags { get; set; }
}
