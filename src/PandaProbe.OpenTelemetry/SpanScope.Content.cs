using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Content;
using PandaProbe.Values;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe;

// What a step was given, and what it gave back.
public readonly partial struct SpanScope
{
    /// <summary>
    /// Sets the input to a text: the user's message for a call to a model, plain text for other kinds. <see langword="null"/> changes
    /// nothing.
    /// </summary>
    [OverloadResolutionPriority(2)]
    public void SetInput(string? text)
    {
        if (IsRecording)
            SetText(Activity, _span.Kind, Direction.Input, text);
    }

    /// <summary>
    /// Sets the input to messages. Copied; turned into JSON only when the span is exported. <see langword="null"/> changes nothing.
    /// </summary>
    [OverloadResolutionPriority(1)]
    public void SetInput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, _span.Kind, Direction.Input, messages);
    }

    /// <inheritdoc cref="SetInput(ReadOnlySpan{ProbeMessage})"/>
    [OverloadResolutionPriority(1)]
    public void SetInput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetInput(messages.AsSpan());
    }

    /// <inheritdoc cref="SetInput(ReadOnlySpan{ProbeMessage})"/>
    public void SetInput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Input, messages);
    }

    /// <summary>Sets the input to a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetInput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Input, texts);
    }

    /// <summary>
    /// Sets the input to a value as JSON, without reflection. The value is read at once; later changes to it are not recorded.
    /// </summary>
    public void SetInput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, _span.Kind, Direction.Input, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>
    /// Sets the input to any object as JSON. The object is read at once; later changes to it are not recorded. <see langword="null"/>
    /// changes nothing.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetInput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Input, value);
    }

    /// <summary>
    /// Sets the documents that a retriever found, the best first: identifiers, texts, scores and metadata. They are the span's output
    /// unless another one is set. The first 100 are recorded. <see langword="null"/> changes nothing.
    /// </summary>
    /// <example>
    /// <code>
    /// using var span = trace.StartSpan("search", ProbeSpanKind.Retriever);
    /// span.SetInput(question);
    /// span.SetDocuments([new("Orders ship within two days.", id: "faq-7", score: 0.93)]);
    /// </code>
    /// </example>
    public void SetDocuments(IEnumerable<ProbeDocument>? documents)
    {
        if (IsRecording && documents is not null)
            DocumentTags.Set(Activity, documents);
    }

    /// <summary>
    /// Sets the output to a text: the assistant's message for a call to a model, plain text for other kinds. <see langword="null"/> changes
    /// nothing.
    /// </summary>
    [OverloadResolutionPriority(2)]
    public void SetOutput(string? text)
    {
        if (IsRecording)
            SetText(Activity, _span.Kind, Direction.Output, text);
    }

    /// <summary>
    /// Sets the output to messages. Copied; turned into JSON only when the span is exported. <see langword="null"/> changes nothing.
    /// </summary>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, _span.Kind, Direction.Output, messages);
    }

    /// <inheritdoc cref="SetOutput(ReadOnlySpan{ProbeMessage})"/>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetOutput(messages.AsSpan());
    }

    /// <inheritdoc cref="SetOutput(ReadOnlySpan{ProbeMessage})"/>
    public void SetOutput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Output, messages);
    }

    /// <summary>Sets the output to a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetOutput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Output, texts);
    }

    /// <summary>
    /// Sets the output to a value as JSON, without reflection. The value is read at once; later changes to it are not recorded.
    /// </summary>
    public void SetOutput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, _span.Kind, Direction.Output, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>
    /// Sets the output to any object as JSON. The object is read at once; later changes to it are not recorded. <see langword="null"/>
    /// changes nothing.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetOutput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Output, value);
    }
}
