using System.Diagnostics;
using OpenTelemetry.Trace;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Hosting;
using PandaProbe.Recording;

namespace PandaProbe;

/// <summary>
/// Starts traces and spans. Start a trace for each run of your agent, and a span for each of its steps. Dispose both with <c>using</c>. A
/// failure of telemetry never throws; only <see cref="Configure"/> throws, for invalid options. While nobody listens, starting and
/// disposing takes a few nanoseconds.
/// </summary>
/// <example>
/// <code>
/// using var trace = Probe.StartTrace("answer-question", input: question, sessionId: "conversation-123", userId: "user-abc");
/// using (var span = trace.StartSpan("generate", ProbeSpanKind.Llm, model: "gpt-5.4"))
/// {
///     span.SetInput([ProbeMessage.User(question)]);
///     string answer = await CallTheModel(question);
///     span.SetOutput([ProbeMessage.Assistant(answer)]);
///     span.SetTokenUsage(promptTokens: 150, completionTokens: 80);
/// }
/// </code>
/// </example>
public static partial class Probe
{
    /// <summary>The name of the <see cref="ActivitySource"/> of all traces and spans. <c>AddPandaProbe()</c> subscribes to it.</summary>
    public const string SourceName = ProbeSource.Name;

    /// <summary>
    /// The name of the <c>Meter</c> of all metrics of model calls. <c>AddPandaProbe()</c> of a meter provider's builder subscribes to it.
    /// </summary>
    public const string MeterName = Instruments.MeterName;

    /// <summary>
    /// The name of the <c>Meter</c> of the exporter's metrics: spans queued, exported, dropped and kept on disk. <c>AddPandaProbe()</c> of
    /// a meter provider's builder subscribes to it.
    /// </summary>
    public const string ExporterMeterName = Instruments.ExporterMeterName;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Gets the current trace, or a scope that does nothing when there is none. Disposing it does not end the trace.</summary>
    public static TraceScope CurrentTrace =>
        ActivityScope.Nearest(Activity.Current, trace: true) is { } activity ? new(OpenSpan.Borrow(activity)) : default;

    /// <summary>Gets the current span, or a scope that does nothing when there is none. Disposing it does not end the span.</summary>
    public static SpanScope CurrentSpan =>
        ActivityScope.Nearest(Activity.Current, trace: false) is { } activity ? new(OpenSpan.Borrow(activity)) : default;

    /// <summary>
    /// Starts a trace: one run of an agent or pipeline. Dispose it with <c>using</c>. An exception that leaves the block fails the trace.
    /// </summary>
    /// <param name="name">The name of the trace, for example <c>rag-pipeline</c>. The same for all runs of the same kind.</param>
    /// <param name="input">The input of the run. For messages or objects call <see cref="TraceScope.SetInput(string?)"/> or an overload of
    /// it.</param>
    /// <param name="sessionId">The session (conversation) of the trace and of all spans below it. Overrides <see cref="Session"/> and
    /// <see cref="SetSession"/>. <see langword="null"/> or an empty text takes the current session.</param>
    /// <param name="userId">The end user of the trace and of all spans below it. Overrides <see cref="User"/> and <see cref="SetUser"/>.
    /// <see langword="null"/> or an empty text takes the current user.</param>
    /// <param name="tags">Labels of the trace and of all spans below it. Copied.</param>
    /// <param name="metadata">Metadata of the trace. Spans below it do not get it.</param>
    public static TraceScope StartTrace(
        string name, string? input = null, string? sessionId = null, string? userId = null, IEnumerable<string>? tags = null,
        in ProbeFields metadata = default) =>
            ProbeSource.Instance.HasListeners() ? StartListenedTrace(name, input, sessionId, userId, tags, metadata) : default;

    // A separate method, so that the JIT can inline the check above.
    private static TraceScope StartListenedTrace(
        string name, string? input, string? sessionId, string? userId, IEnumerable<string>? tags, in ProbeFields metadata)
    {
        TraceScope trace = new(OpenSpan.StartTrace(name, sessionId, userId, tags));
        if (input is not null)
            trace.SetInput(input);
        if (!metadata.IsEmpty)
            trace.SetMetadata(metadata);
        return trace;
    }

    /// <summary>
    /// Starts a span for one step. Its parent is the current span or trace; without one, the span is a root. Dispose it with <c>using</c>.
    /// An exception that leaves the block fails the span.
    /// </summary>
    /// <param name="name">The name of the span. For a tool or an agent, the name of the tool or agent.</param>
    /// <param name="kind">The kind of the step.</param>
    /// <param name="model">The requested model, for a call to a model.</param>
    /// <param name="metadata">Metadata of the span.</param>
    /// <param name="provider">The provider of the model, by OpenTelemetry's name: <c>openai</c>, <c>azure.ai.openai</c>, …
    /// <see langword="null"/>, the default, derives it from the model's name where possible.</param>
    public static SpanScope StartSpan(
        string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default,
        string? provider = null) =>
            OpenSpan.IsWanted(kind) ? SpanScope.Start(name, kind, model, metadata, provider, parent: null) : default;

    /// <summary>
    /// Sets the session (conversation) of all spans that start until the scope is disposed, also of spans of other libraries such as
    /// <c>HttpClient</c>. Applies to this <see cref="ExecutionContext"/> and to tasks that are started inside the scope.
    /// <see langword="null"/> or an empty text means no session.
    /// </summary>
    /// <example><code>using (Probe.Session("conversation-123")) await agent.RunAsync(question);</code></example>
    public static AmbientScope Session(string? id) => new(AmbientContext.PushSession(id));

    /// <summary>
    /// Sets the end user of all spans that start until the scope is disposed, also of spans of other libraries such as <c>HttpClient</c>.
    /// Applies to this <see cref="ExecutionContext"/> and to tasks that are started inside the scope. <see langword="null"/> or an empty
    /// text means no user.
    /// </summary>
    public static AmbientScope User(string? id) => new(AmbientContext.PushUser(id));

    /// <summary>
    /// Sets the default session of the spans that start from now on in this <see cref="ExecutionContext"/>. A <see cref="Session"/> scope
    /// and an explicit argument override it. <see langword="null"/> or an empty text means no session.
    /// </summary>
    public static void SetSession(string? id) => AmbientContext.SetDefaultSession(id);

    /// <summary>
    /// Sets the default end user of the spans that start from now on in this <see cref="ExecutionContext"/>. A <see cref="User"/> scope and
    /// an explicit argument override it. <see langword="null"/> or an empty text means no user.
    /// </summary>
    public static void SetUser(string? id) => AmbientContext.SetDefaultUser(id);

    /// <summary>
    /// Sets up tracing for a program without a host. Builds a tracer provider from the options, the environment variables and defaults. A
    /// further call first exports what the earlier provider holds, and ends it. When the process exits, everything that is recorded is
    /// exported.
    /// </summary>
    /// <param name="options">Changes the options, which already have the values of the environment variables.</param>
    /// <param name="tracing">Changes the provider, for example adds a sampler, sources, exporters or processors.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is invalid. The message says how to correct
    /// it.</exception>
    public static void Configure(Action<PandaProbeOptions>? options = null, Action<TracerProviderBuilder>? tracing = null) =>
        ProbeRuntime.Configure(options, tracing);

    /// <summary>Exports everything that is recorded. Blocks the thread until it is exported or the timeout has passed.</summary>
    /// <param name="timeout">The longest time to wait; <see langword="null"/>, the default, waits 30 seconds.</param>
    /// <returns><see langword="true"/> when everything was exported in time.</returns>
    public static bool Flush(TimeSpan? timeout = null) => ProbeRuntime.Flush(timeout ?? DefaultTimeout);

    /// <summary>
    /// Exports everything that is recorded. Completes when it is exported or the timeout has passed. Does not block the caller's thread.
    /// </summary>
    /// <param name="timeout"><inheritdoc cref="Flush" path="/param[@name='timeout']"/></param>
    /// <param name="cancellationToken">Cancels the wait. The export continues in the background.</param>
    /// <returns><inheritdoc cref="Flush" path="/returns"/></returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<bool> FlushAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<bool>(cancellationToken);

        // A flush blocks its thread, and the exporters that it waits for need the threads of the pool.
        return Task.Factory
            .StartNew(() => Flush(timeout), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default)
            .WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Exports everything that is recorded, and stops the provider that <see cref="Configure"/> built. Does not stop providers of a host or
    /// of your own: their owners do.
    /// </summary>
    /// <param name="timeout">The longest time to wait; <see langword="null"/>, the default, waits
    /// <see cref="PandaProbeOptions.ShutdownTimeout"/>.</param>
    /// <returns><see langword="true"/> when everything was exported in time.</returns>
    public static bool Shutdown(TimeSpan? timeout = null) => ProbeRuntime.Shutdown(timeout);
}
