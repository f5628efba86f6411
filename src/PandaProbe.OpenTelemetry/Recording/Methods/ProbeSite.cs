using System.ComponentModel;
using System.Globalization;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Values;

namespace PandaProbe.Interception;

/// <summary>For generated code: what the attribute of a method says, and where each call of it begins.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProbeSite
{
    private readonly string? _sessionId;
    private readonly string? _userId;

    private ProbeSite(string name, ProbeSpanKind? kind, string? model, string? provider, string? sessionId, string? userId, string[]? tags, bool outsideTrace, bool output)
    {
        Name = name;
        Kind = kind;
        Model = model;
        Provider = provider;
        _sessionId = sessionId;
        _userId = userId;
        Tags = tags;
        OutsideTrace = outsideTrace;
        Output = output;
    }

    /// <summary>Whether anybody listens at all.</summary>
    public static bool IsListening => ProbeSource.Instance.HasListeners();

    internal string Name { get; }

    /// <summary>None for a trace.</summary>
    internal ProbeSpanKind? Kind { get; }

    internal string? Model { get; }

    internal string? Provider { get; }

    internal string[]? Tags { get; }

    internal bool OutsideTrace { get; }

    internal bool Output { get; }

    /// <summary>A method whose calls are traces.</summary>
    public static ProbeSite Trace(string name, string? sessionId = null, string? userId = null, string[]? tags = null, bool output = true) =>
        new(name, null, null, null, sessionId, userId, tags, outsideTrace: true, output);

    /// <summary>A method whose calls are spans.</summary>
    public static ProbeSite Span(
        string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, bool outsideTrace = false, bool output = true, string? provider = null) =>
        new(name, kind, model, provider, null, null, null, outsideTrace, output);

    /// <summary>Begins a call, or says by <see langword="null"/> that nobody wants to know about it.</summary>
    public ProbeCall? Begin(string? sessionId = null, string? userId = null) =>
        ProbeSource.Instance.HasListeners() ? BeginListened(sessionId, userId) : null;

    /// <summary>As <see cref="Begin"/>, for a method that does nothing before its result is enumerated.</summary>
    public ProbeCall? BeginLater(string? sessionId = null, string? userId = null) =>
        ProbeSource.Instance.HasListeners() ? new(this, sessionId ?? _sessionId, userId ?? _userId) : null;

    /// <summary>An argument as part of the text that names a session or a user: empty when it has none.</summary>
    public static string Text<T>(T value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("argument", exception);
            return "";
        }
    }

    /// <summary>A text as part of the text that names a session or a user.</summary>
    public static string Text(ReadOnlySpan<char> value) => value.ToString();

    // Apart, so that the check above is compiled into the caller.
    private ProbeCall? BeginListened(string? sessionId, string? userId)
    {
        if (ContentSerializer.IsWriting || (!OutsideTrace && !ActivityScope.IsInside()))
            return null;

        ProbeCall call = new(this, sessionId ?? _sessionId, userId ?? _userId);
        return call.Start() ? call : null;
    }
}
