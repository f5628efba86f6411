using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Values;

namespace PandaProbe;

// The forms that take a delegate: they record its result as the output and its exception as the error, on every platform.
public static partial class Probe
{
    /// <summary>Runs <paramref name="body"/> inside a trace. An exception fails the trace and passes through unchanged.</summary>
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

    /// <summary>Runs <paramref name="body"/> inside a trace and records its result as the output, unless it set one. An exception fails the trace and passes through unchanged.</summary>
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

    /// <summary>Runs <paramref name="body"/> inside a trace. An exception fails the trace and passes through unchanged.</summary>
    public static async Task TraceAsync(string name, Func<TraceScope, Task> body, string? input = null, string? sessionId = null, string? userId = null)
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

    /// <summary>Runs <paramref name="body"/> inside a trace and records its result as the output, unless it set one. An exception fails the trace and passes through unchanged.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static async Task<T> TraceAsync<T>(string name, Func<TraceScope, Task<T>> body, string? input = null, string? sessionId = null, string? userId = null)
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

    /// <summary>As the other form, without reflection: the result is serialised by <paramref name="resultType"/>.</summary>
    public static async Task<T> TraceAsync<T>(
        string name, JsonTypeInfo<T> resultType, Func<TraceScope, Task<T>> body, string? input = null, string? sessionId = null, string? userId = null)
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

    // An async lambda fits Task and ValueTask alike: the priority chooses Task.
    /// <summary>As <see cref="TraceAsync(string, Func{TraceScope, Task}, string?, string?, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    [OverloadResolutionPriority(1)]
    public static Task Trace(string name, Func<TraceScope, Task> body, string? input = null, string? sessionId = null, string? userId = null) =>
        TraceAsync(name, body, input, sessionId, userId);

    /// <summary>As <see cref="TraceAsync{T}(string, Func{TraceScope, Task{T}}, string?, string?, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    [OverloadResolutionPriority(1)]
    public static Task<T> Trace<T>(string name, Func<TraceScope, Task<T>> body, string? input = null, string? sessionId = null, string? userId = null) =>
        TraceAsync(name, body, input, sessionId, userId);

    /// <summary>As <see cref="TraceAsync(string, Func{TraceScope, Task}, string?, string?, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    public static Task Trace(string name, Func<TraceScope, ValueTask> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return TraceAsync(name, trace => body(trace).AsTask(), input, sessionId, userId);
    }

    /// <summary>As <see cref="TraceAsync{T}(string, Func{TraceScope, Task{T}}, string?, string?, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static Task<T> Trace<T>(string name, Func<TraceScope, ValueTask<T>> body, string? input = null, string? sessionId = null, string? userId = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return TraceAsync(name, trace => body(trace).AsTask(), input, sessionId, userId);
    }

    /// <summary>Runs <paramref name="body"/> inside a span. An exception fails the span and passes through unchanged.</summary>
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

    /// <summary>Runs <paramref name="body"/> inside a span and records its result as the output, unless it set one. An exception fails the span and passes through unchanged.</summary>
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

    /// <summary>Runs <paramref name="body"/> inside a span. An exception fails the span and passes through unchanged.</summary>
    public static async Task SpanAsync(string name, Func<SpanScope, Task> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
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

    /// <summary>Runs <paramref name="body"/> inside a span and records its result as the output, unless it set one. An exception fails the span and passes through unchanged.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static async Task<T> SpanAsync<T>(string name, Func<SpanScope, Task<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
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

    /// <summary>As the other form, without reflection: the result is serialised by <paramref name="resultType"/>.</summary>
    public static async Task<T> SpanAsync<T>(
        string name, JsonTypeInfo<T> resultType, Func<SpanScope, Task<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
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

    /// <summary>As <see cref="SpanAsync(string, Func{SpanScope, Task}, ProbeSpanKind, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    [OverloadResolutionPriority(1)]
    public static Task Span(string name, Func<SpanScope, Task> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null) =>
        SpanAsync(name, body, kind, model);

    /// <summary>As <see cref="SpanAsync{T}(string, Func{SpanScope, Task{T}}, ProbeSpanKind, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    [OverloadResolutionPriority(1)]
    public static Task<T> Span<T>(string name, Func<SpanScope, Task<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null) =>
        SpanAsync(name, body, kind, model);

    /// <summary>As <see cref="SpanAsync(string, Func{SpanScope, Task}, ProbeSpanKind, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    public static Task Span(string name, Func<SpanScope, ValueTask> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpanAsync(name, span => body(span).AsTask(), kind, model);
    }

    /// <summary>As <see cref="SpanAsync{T}(string, Func{SpanScope, Task{T}}, ProbeSpanKind, string?)"/>: ends with the task that <paramref name="body"/> returns.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static Task<T> Span<T>(string name, Func<SpanScope, ValueTask<T>> body, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return SpanAsync(name, span => body(span).AsTask(), kind, model);
    }
}
