using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Values;

namespace PandaProbe;

// A delegate's result and exception can be recorded on every platform. A using block sees no exception where code is compiled ahead of
// time.
public static partial class Probe
{
    /// <summary>Runs <paramref name="body"/> inside a trace. An exception fails the trace and reaches the caller unchanged.</summary>
    public static void Trace(string name, Action<TraceScope> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using TraceScope trace = StartTrace(name, input, sessionId, userId);
        try
        {
            body(trace);
        }
        catch (Exception exception) when (trace.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a trace. Records its result as the output, unless <paramref name="body"/> set an output. An
    /// exception fails the trace and reaches the caller unchanged.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static T Trace<T>(string name, Func<TraceScope, T> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using TraceScope trace = StartTrace(name, input, sessionId, userId);
        try
        {
            T result = body(trace);
            trace.SetResult(result);
            return result;
        }
        catch (Exception exception) when (trace.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a trace, and ends the trace with the task that it returns. An exception fails the trace and
    /// reaches the caller unchanged.
    /// </summary>
    public static async Task TraceAsync(
        string name, Func<TraceScope, Task> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using TraceScope trace = StartTrace(name, input, sessionId, userId);
        try
        {
            await body(trace).ConfigureAwait(false);
        }
        catch (Exception exception) when (trace.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a trace, and ends the trace with the task that it returns. Records the task's result as the
    /// output, unless <paramref name="body"/> set an output. An exception fails the trace and reaches the caller unchanged.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static async Task<T> TraceAsync<T>(
        string name, Func<TraceScope, Task<T>> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using TraceScope trace = StartTrace(name, input, sessionId, userId);
        try
        {
            T result = await body(trace).ConfigureAwait(false);
            trace.SetResult(result);
            return result;
        }
        catch (Exception exception) when (trace.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a trace, and ends the trace with the task that it returns. Serialises the task's result by
    /// <paramref name="resultType"/>, without reflection, and records it as the output, unless <paramref name="body"/> set an output. An
    /// exception fails the trace and reaches the caller unchanged.
    /// </summary>
    public static async Task<T> TraceAsync<T>(
        string name, JsonTypeInfo<T> resultType, Func<TraceScope, Task<T>> body, string? input = null, string? sessionId = null,
        string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using TraceScope trace = StartTrace(name, input, sessionId, userId);
        try
        {
            T result = await body(trace).ConfigureAwait(false);
            if (!trace.HasOutput)
                trace.SetOutput(result, resultType);
            return result;
        }
        catch (Exception exception) when (trace.Saw(exception))
        {
            throw;
        }
    }

    // An async lambda fits both Task and ValueTask. The priority chooses Task.
    /// <inheritdoc cref="TraceAsync(string, Func{TraceScope, Task}, string?, string?, string?)"/>
    [OverloadResolutionPriority(1)]
    public static Task Trace(
        string name, Func<TraceScope, Task> body, string? input = null, string? sessionId = null, string? userId = null) =>
            TraceAsync(name, body, input, sessionId, userId);

    /// <inheritdoc cref="TraceAsync{T}(string, Func{TraceScope, Task{T}}, string?, string?, string?)"/>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    [OverloadResolutionPriority(1)]
    public static Task<T> Trace<T>(
        string name, Func<TraceScope, Task<T>> body, string? input = null, string? sessionId = null, string? userId = null) =>
            TraceAsync(name, body, input, sessionId, userId);

    /// <inheritdoc cref="TraceAsync(string, Func{TraceScope, Task}, string?, string?, string?)"/>
    public static Task Trace(
        string name, Func<TraceScope, ValueTask> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return TraceAsync(name, trace => body(trace).AsTask(), input, sessionId, userId);
    }

    /// <inheritdoc cref="TraceAsync{T}(string, Func{TraceScope, Task{T}}, string?, string?, string?)"/>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static Task<T> Trace<T>(
        string name, Func<TraceScope, ValueTask<T>> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return TraceAsync(name, trace => body(trace).AsTask(), input, sessionId, userId);
    }

    /// <summary>Runs <paramref name="body"/> inside a span. An exception fails the span and reaches the caller unchanged.</summary>
    public static void Span(string name, Action<SpanScope> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using SpanScope span = StartSpan(name, kind, model);
        try
        {
            body(span);
        }
        catch (Exception exception) when (span.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a span. Records its result as the output, unless <paramref name="body"/> set an output. An
    /// exception fails the span and reaches the caller unchanged.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static T Span<T>(string name, Func<SpanScope, T> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using SpanScope span = StartSpan(name, kind, model);
        try
        {
            T result = body(span);
            span.SetResult(result);
            return result;
        }
        catch (Exception exception) when (span.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a span, and ends the span with the task that it returns. An exception fails the span and reaches
    /// the caller unchanged.
    /// </summary>
    public static async Task SpanAsync(
        string name, Func<SpanScope, Task> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using SpanScope span = StartSpan(name, kind, model);
        try
        {
            await body(span).ConfigureAwait(false);
        }
        catch (Exception exception) when (span.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a span, and ends the span with the task that it returns. Records the task's result as the
    /// output, unless <paramref name="body"/> set an output. An exception fails the span and reaches the caller unchanged.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static async Task<T> SpanAsync<T>(
        string name, Func<SpanScope, Task<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using SpanScope span = StartSpan(name, kind, model);
        try
        {
            T result = await body(span).ConfigureAwait(false);
            span.SetResult(result);
            return result;
        }
        catch (Exception exception) when (span.Saw(exception))
        {
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside a span, and ends the span with the task that it returns. Serialises the task's result by
    /// <paramref name="resultType"/>, without reflection, and records it as the output, unless <paramref name="body"/> set an output. An
    /// exception fails the span and reaches the caller unchanged.
    /// </summary>
    public static async Task<T> SpanAsync<T>(
        string name, JsonTypeInfo<T> resultType, Func<SpanScope, Task<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other,
        string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        using SpanScope span = StartSpan(name, kind, model);
        try
        {
            T result = await body(span).ConfigureAwait(false);
            if (!span.Open.HasOutput)
                span.SetOutput(result, resultType);
            return result;
        }
        catch (Exception exception) when (span.Saw(exception))
        {
            throw;
        }
    }

    /// <inheritdoc cref="SpanAsync(string, Func{SpanScope, Task}, ProbeSpanKind, string?)"/>
    [OverloadResolutionPriority(1)]
    public static Task Span(string name, Func<SpanScope, Task> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null) =>
        SpanAsync(name, body, kind, model);

    /// <inheritdoc cref="SpanAsync{T}(string, Func{SpanScope, Task{T}}, ProbeSpanKind, string?)"/>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    [OverloadResolutionPriority(1)]
    public static Task<T> Span<T>(
        string name, Func<SpanScope, Task<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null) =>
            SpanAsync(name, body, kind, model);

    /// <inheritdoc cref="SpanAsync(string, Func{SpanScope, Task}, ProbeSpanKind, string?)"/>
    public static Task Span(string name, Func<SpanScope, ValueTask> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpanAsync(name, span => body(span).AsTask(), kind, model);
    }

    /// <inheritdoc cref="SpanAsync{T}(string, Func{SpanScope, Task{T}}, ProbeSpanKind, string?)"/>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static Task<T> Span<T>(
        string name, Func<SpanScope, ValueTask<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpanAsync(name, span => body(span).AsTask(), kind, model);
    }
}
