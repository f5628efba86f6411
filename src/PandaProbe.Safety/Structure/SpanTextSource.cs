namespace PandaProbe.Safety;

/// <summary>Who wrote a <see cref="SpanText"/>.</summary>
public enum SpanTextSource
{
    /// <summary>The application: a system prompt or a developer message.</summary>
    Instructions,

    /// <summary>A user.</summary>
    User,

    /// <summary>A document that was retrieved.</summary>
    Document,

    /// <summary>The model, as the arguments of a tool call.</summary>
    ToolArguments,

    /// <summary>A tool, as its result.</summary>
    ToolResult,

    /// <summary>The model, as an answer.</summary>
    Answer,
}
