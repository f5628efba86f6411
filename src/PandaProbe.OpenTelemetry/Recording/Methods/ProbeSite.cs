using System.ComponentModel;
using System.Globalization;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Values;

namespace PandaProbe.Interception;

/// <summary>Holds the attribute of a method and begins its calls. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProbeSite
{
    private readonly string? _sessionId;
    private readonly string? _userId;

    private ProbeSite(string name, ProbeSpanKind? kind, string? model, string? provider, string? sessionId, string? userId, string[]? tags,
        bool outsideTrace, bool output)
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

    /// <summary>Gets whether any listener records this library's activities.</summary>
    public static bool IsListening => ProbeSource.Instance.HasListeners();

    internal string Name { get; }

    /// <summary>Gets the kind; <see langword="null"/> for a trace.</summary>
    internal ProbeSpanKind? Kind { get; }

    internal string? Model { get; }

    internal string? Provider { get; }

    internal string[]? Tags { get; }

    internal bool OutsideTrace { get; }

    internal bool Output { get; }

    /// <summary>Describes a method whose calls are traces.</summary>
    public static ProbeSite Trace(
        string name, string? sessionId = null, string? userId = null, string[]? tags = null, bool output = true) =>
            new(name, null, null, null, sessionId, userId, tags, outsideTrace: true, output);

    /// <summary>Describes a method whose calls are spans.</summary>
    public static ProbeSite Span(
        string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, bool outsideTrace = false, bool output = true,
        string? provider = null) =>
            new(name, kind, model, provider, null, null, null, outsideTrace, output);

    /// <summary>Begins a call; <see langword="null"/> when it is not recorded.</summary>
    public ProbeCall? Begin(string? sessionId = null, string? userId = null) =>
        ProbeSource.Instance.HasListeners() ? BeginListened(sessionId, userId) : null;

    /// <summary>
    /// Prepares a call of a method whose code runs only when its result is enumerated; <see langword="null"/> when nobody listens.
    /// </summary>
    public ProbeCall? BeginLater(string? sessionId = null, string? userId = null) =>
        ProbeSource.Instance.HasListeners() ? new(this, sessionId ?? _sessionId, userId ?? _userId) : null;

    /// <summary>Converts an argument to text for the identifier of a session or a user; empty for <see langword="null"/>.</summary>
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

    /// <inheritdoc cref="Text{T}(T)"/>
    public static string Text(ReadOnlySpan<char> value) => value.ToString();

    // A separate method, so that the JIT can inline the check above.
    private ProbeCall? BeginListened(string? sessionId, string? userId)
    {
        if (ContentSerializer.IsWriting || (!OutsideTrace && !ActivityScope.IsInside()))
            return null;

        ProbeCall call = new(this, sessionId ?? _sessionId, userId ?? _userId);
        return call.Start() ? call : null;
    }
}
