using System.Collections.Concurrent;
using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Hosting;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Testing;

/// <summary>
/// Records the spans, scores, metrics and diagnostics of one test, and nothing of tests that run beside it. It needs no provider and
/// exports nothing.
/// </summary>
/// <remarks>
/// A capture follows the <see cref="ExecutionContext"/>, into tasks too. Work in another <see cref="ExecutionContext"/>, such as a request
/// that Kestrel receives, belongs to the capture that owns the trace id, and otherwise to <see cref="StartGlobal"/>. Start it in the body
/// of the test: what an <see langword="async"/> method starts is over when that method returns.
/// </remarks>
/// <example>
/// <code>
/// using ProbeCapture capture = ProbeCapture.Start();
/// await agent.RunAsync("Where is my order?");
/// CapturedTrace trace = await capture.WaitForTraceAsync();
/// </code>
/// </example>
public sealed partial class ProbeCapture : IDisposable
{
    private readonly ProbeCaptureOptions _options;
    private readonly CapturedActivities _activities;
    private readonly ConcurrentQueue<CapturedScore> _scores = new();
    private readonly ConcurrentQueue<CapturedMeasurement> _measurements = new();
    private readonly ConcurrentQueue<CapturedDiagnostic> _diagnostics = new();
    private readonly ConcurrentDictionary<ILiveExporter, bool> _exporters = new();
    private readonly TestRun? _viewer;
    private readonly CaptureMarker? _outer = CaptureMarker.Current;
    private readonly bool _isGlobal;
    private readonly IDisposable? _apart;
    private readonly ProviderGroup _group;
    private readonly ScoreListener _scoreListener;
    private readonly ProviderSettings _settings;
    private readonly PandaProbeProcessor _processor;
    private readonly ActivityListener? _furtherSources;
    private volatile bool _isLive = true;

    private ProbeCapture(ProbeCaptureOptions options, bool isGlobal)
    {
        _options = options;
        _isGlobal = isGlobal;
        _activities = new(options.TimeProvider);
        _viewer = options.ViewerDirectory is { } directory ? TestRun.Find(directory) : null;
        Alone = [this];
        _apart = isGlobal ? null : ProviderGroup.KeepApart();
        _group = isGlobal ? ProviderGroup.WholeProcess : ProviderGroup.Current;
        _settings = SettingsOf(options.Recording);
        _processor = new(_settings, new ProviderRegistration(_settings, new(), _group));
        _scoreListener = new(_ => _isLive ? Alone : []);
        CaptureListeners.Add();
        if (isGlobal)
        {
            CaptureRouting.AddGlobal(this);
        }
        else
        {
            _group.Change(all => all.With(_scoreListener));
            CaptureMarker.Current = new(this, _outer);
        }

        _furtherSources = CaptureListeners.Further(this, options.Sources);
    }

    internal bool IsLive => _isLive;

    /// <summary>Gets this capture as the only element.</summary>
    internal ProbeCapture[] Alone { get; }

    /// <summary>Starts to record what this <see cref="ExecutionContext"/> does, and what belongs to its traces elsewhere.</summary>
    /// <param name="configure">Sets options; <see langword="null"/> leaves the defaults.</param>
    public static ProbeCapture Start(Action<ProbeCaptureOptions>? configure = null) => new(Configured(configure), isGlobal: false);

    /// <summary>
    /// Starts to record everything in the process that belongs to no capture of <see cref="Start"/>: threads and servers that the test did
    /// not start. Tests with it must not run beside others.
    /// </summary>
    /// <param name="configure">Sets options; <see langword="null"/> leaves the defaults.</param>
    public static ProbeCapture StartGlobal(Action<ProbeCaptureOptions>? configure = null) => new(Configured(configure), isGlobal: true);

    /// <summary>Ends the recording. What was recorded can still be read.</summary>
    public void Dispose()
    {
        if (!_isLive)
            return;

        SendToViewer();
        _isLive = false;
        if (_isGlobal)
        {
            CaptureRouting.RemoveGlobal(this);
        }
        else
        {
            CaptureMarker.Current = _outer;
            _group.Change(all => all.Without(_scoreListener));
            CaptureRouting.Forget(_activities.TraceIds);
        }

        _furtherSources?.Dispose();
        _processor.Dispose();
        _apart?.Dispose();
        CaptureListeners.Remove();
    }

    internal void Started(Activity activity, bool isInnermost)
    {
        activity.SetCustomProperty(CapturedActivity.PropertyName, CaptureRouting.Together(activity, this));
        _activities.Start(activity);
        foreach (ILiveExporter exporter in _group.Settings.Exporters)
        {
            if (exporter is not ScoreListener)
                _exporters.TryAdd(exporter, true);
        }

        if (!isInnermost)
            return;

        if (!_isGlobal)
            _group.Take(activity);
        _processor.OnStart(activity);
    }

    internal void Stopped(Activity activity, bool isInnermost)
    {
        if (isInnermost)
            _processor.OnEnd(activity);
        _activities.Stop(activity);
    }

    internal void Add(CapturedScore score) => _scores.Enqueue(score);

    internal void Add(CapturedMeasurement measurement) => _measurements.Enqueue(measurement);

    internal void Add(CapturedDiagnostic diagnostic) => _diagnostics.Enqueue(diagnostic);

    private static ProbeCaptureOptions Configured(Action<ProbeCaptureOptions>? configure)
    {
        ProbeCaptureOptions options = new();
        configure?.Invoke(options);
        return options;
    }

    private ProviderSettings SettingsOf(PandaProbeOptions options) => new()
    {
        Content = new(options.CaptureContent, options.MaxContentLength, options.Redact)
        {
            Where = options.MessageContent,
            Scanners = options.NewScanner() is { } scanner ? [scanner] : [],
        },
        Prices = options.Pricing.PriceBook is { } book
            ? new(book, options.Pricing, section: null, _options.TimeProvider, PandaProbeEventSource.Log.ConfigurationProblem)
            : null,
        TokenCounter = options.TokenCounter,
        Dialects = options.Otlp.Dialects,
    };
}
