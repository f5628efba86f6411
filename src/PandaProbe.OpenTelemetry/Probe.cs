using System.Diagnostics;
using OpenTelemetry.Trace;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Hosting;
using PandaProbe.Recording;

namespace PandaProbe;

/// <summary>
/// Where tracing begins: open a trace for one run of your agent, spans for its steps, and dispose both with <c>using</c>.
/// Nothing here throws because of telemetry, and nothing here costs more than a few nanoseconds while nobody listens.
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
    /// <summary>The name of the one <see cref="ActivitySource"/> behind every trace and span. <c>AddPandaProbe()</c> subscribes to it.</summary>
    public const string SourceName = ProbeSource.Name;

    /// <summary>The name of the one <c>Meter</c> behind every metric of model calls. <c>AddPandaProbe()</c> of a meter provider's builder subscribes to it.</summary>
    public const string MeterName = Instruments.MeterName;

    /// <summary>
    /// The name of the <c>Meter</c> behind the metrics of the exporter: what was queued, exported, dropped and kept on disk. <c>AddPandaProbe()</c> of a meter
    /// provider's builder subscribes to it.
    /// </summary>
    public const string ExporterMeterName = Instruments.ExporterMeterName;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The trace that the running code belongs to, or one that does nothing. Disposing it leaves the trace open: only its starter closes it.</summary>
    public static TraceScope CurrentTrace =>
        ActivityScope.Nearest(Activity.Current, trace: true) is { } activity ? new(OpenSpan.Borrow(activity)) : default;

    /// <summary>The span that the running code belongs to, or one that does nothing. Disposing it leaves the span open: only its starter closes it.</summary>
    public static SpanScope CurrentSpan =>
        ActivityScope.Nearest(Activity.Current, trace: false) is { } activity ? new(OpenSpan.Borrow(activity)) : default;

    /// <summary>
    /// Opens a trace: one run of an agent or pipeline. Dispose it with <c>using</c>; when an exception leaves the block, the trace fails with it.
    /// </summary>
    /// <param name="name">What this kind of run is called, for example <c>rag-pipeline</c>.</param>
    /// <param name="input">What the run was asked. For messages or objects call <see cref="TraceScope.SetInput(string?)"/> and its overloads.</param>
    /// <param name="sessionId">The conversation this run belongs to. Wins over <see cref="Session"/> and <see cref="SetSession"/>; everything underneath inherits it.</param>
    /// <param name="userId">The end user it runs for. Wins over <see cref="User"/> and <see cref="SetUser"/>; everything underneath inherits it.</param>
    /// <param name="tags">Labels to filter by. Everything underneath inherits them. Copied.</param>
    /// <param name="metadata">Anything else worth knowing, of the trace only.</param>
    public static TraceScope StartTrace(
        string name, string? input = null, string? sessionId = null, string? userId = null, IEnumerable<string>? tags = null, in ProbeFields metadata = default) =>
        ProbeSource.Instance.HasListeners() ? StartListenedTrace(name, input, sessionId, userId, tags, metadata) : default;

    // Apart, so that the check above is compiled into the caller.
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
    /// Opens a span: one step, below whatever span or trace is open, or a root of its own. Dispose it with <c>using</c>; when an exception leaves
    /// the block, the span fails with it.
    /// </summary>
    /// <param name="name">What this step is called; for a tool or an agent, its name.</param>
    /// <param name="kind">What the step is.</param>
    /// <param name="model">The model that is asked, for steps that ask one.</param>
    /// <param name="metadata">Anything else worth knowing.</param>
    public static SpanScope StartSpan(string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default) =>
        OpenSpan.IsWanted(kind) ? SpanScope.Start(name, kind, model, metadata, parent: null) : default;

    /// <summary>
    /// Everything recorded until the scope is disposed belongs to this session (a conversation), whoever records it: this library, <c>HttpClient</c>, a database.
    /// Flows into tasks that are started inside, never out of them. <see langword="null"/> or an empty text means no session.
    /// </summary>
    /// <example><code>using (Probe.Session("conversation-123")) await agent.RunAsync(question);</code></example>
    public static AmbientScope Session(string? id) => new(AmbientContext.PushSession(id));

    /// <summary>As <see cref="Session"/>, for the end user.</summary>
    public static AmbientScope User(string? id) => new(AmbientContext.PushUser(id));

    /// <summary>
    /// The session of everything that this flow of execution records from now on, where no enclosing <see cref="Session"/> scope and no explicit argument says otherwise.
    /// </summary>
    public static void SetSession(string? id) => AmbientContext.SetDefaultSession(id);

    /// <summary>As <see cref="SetSession"/>, for the end user.</summary>
    public static void SetUser(string? id) => AmbientContext.SetDefaultUser(id);

    /// <summary>
    /// Sets up tracing for a program without a host: builds a provider of its own from options, configuration in the environment and defaults.
    /// Called again, it first ends the earlier provider, after exporting what that one still holds. What is recorded is exported when the process exits.
    /// </summary>
    /// <param name="options">Changes the options. They start from the environment variables.</param>
    /// <param name="tracing">Changes the provider: a sampler, more sources, exporters or processors of your own.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option makes no sense; the message says what to do.</exception>
    public static void Configure(Action<PandaProbeOptions>? options = null, Action<TracerProviderBuilder>? tracing = null) =>
        ProbeRuntime.Configure(options, tracing);

    /// <summary>Exports what is waiting, and returns when it is exported or the time is up. Blocks the thread.</summary>
    /// <param name="timeout">The longest time to wait; <see langword="null"/>, the default, waits 30 seconds.</param>
    /// <returns>Whether everything was exported in time.</returns>
    public static bool Flush(TimeSpan? timeout = null) => ProbeRuntime.Flush(timeout ?? DefaultTimeout);

    /// <summary>Exports what is waiting. Completes when it is exported or the time is up. Blocks no thread of the caller.</summary>
    /// <param name="timeout"><inheritdoc cref="Flush" path="/param[@name='timeout']"/></param>
    /// <param name="cancellationToken">Ends the wait. What is waiting is exported in the background all the same.</param>
    /// <returns><inheritdoc cref="Flush" path="/returns"/></returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static Task<bool> FlushAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<bool>(cancellationToken);

        // A thread of its own: a flush blocks, and the exporters that it waits for need the threads of the pool.
        return Task.Factory
            .StartNew(() => Flush(timeout), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default)
            .WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Exports what is waiting and stops what <see cref="Configure"/> set up. Providers of a host, or that you built yourself, only export what they hold: who built them stops them.
    /// </summary>
    /// <param name="timeout">How long to wait at most; <see cref="PandaProbeOptions.ShutdownTimeout"/> if not given.</param>
    /// <returns>Whether everything went out in time.</returns>
    public static bool Shutdown(TimeSpan? timeout = null) => ProbeRuntime.Shutdown(timeout);
}
