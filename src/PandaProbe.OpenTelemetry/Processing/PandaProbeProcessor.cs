using System.Diagnostics;
using OpenTelemetry;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Inspection;
using PandaProbe.Metrics;
using PandaProbe.Runtime;

namespace PandaProbe.Processing;

/// <summary>
/// Enriches every span, also those of other libraries: with the ambient session, user and tags when it starts; with the conventions, the
/// content policy and the cost when it ends.
/// </summary>
internal sealed class PandaProbeProcessor : BaseProcessor<Activity>
{
    private const string Normalised = "pandaprobe.normalised";
    private const string Described = "pandaprobe.described";
    private const string Measured = "pandaprobe.measured";

    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly ProviderSettings _settings;
    private readonly IDisposable _registration;
    private readonly BridgeWriter? _bridges;
    private readonly FieldScanners? _scanner;
    private readonly Lazy<bool> _isReadAtEnd;
    private readonly SpanInspector? _inspector;
    private readonly Lazy<bool> _isResourceSafe;

    /// <param name="settings">The settings of the provider.</param>
    /// <param name="registration">Keeps the settings in force until the processor is disposed.</param>
    public PandaProbeProcessor(ProviderSettings settings, IDisposable registration)
    {
        _settings = settings;
        _registration = registration;
        _bridges = settings.Dialects is { } dialects ? new(dialects) : null;
        _scanner = settings.Content.Scanners is [var scanner, ..] ? scanner : null;
        _inspector = SpanInspector.Create(settings.Inspection);
        _isReadAtEnd = new(() => settings.IsReadAtEnd(_scanner));
        _isResourceSafe = new(
            () => _scanner is null || ParentProvider is not { } provider || ResourceMasking.TryApply(provider, _scanner));
    }

    public override void OnStart(Activity data)
    {
        ProviderGroup.Claim(data);

        // This library's own activities get these tags at their creation, where samplers see them.
        if (IsOwn(data) || !_group.Owns(data))
            return;

        try
        {
            if (DoubledSpan.Drop(data) || AmbientContext.Current is not { } ambient)
                return;

            if (ambient.Session is { } session)
            {
                SetIfMissing(data, General.SessionId, session);
                SetIfMissing(data, GenAI.Conversation.Id, session);
            }

            if (ambient.User is { } user)
                SetIfMissing(data, General.UserId, user);
            if (ambient.Tags is { } tags)
                SetIfMissing(data, General.Tags, tags);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("span start", exception);
        }
    }

    public override void OnEnd(Activity data)
    {
        Complete(data);

        // An exporter of the application may get the resource with a span of another host first.
        bool isResourceSafe = _isResourceSafe.Value;
        if (!_group.Owns(data) || (_scanner is null && !_group.PolicyOf(data).Redacts))
            return;

        if (!isResourceSafe || (_isReadAtEnd.Value && !SpanMasking.TryApply(data, _scanner, lazily: true)))
            UnsafeSpan.Drop(data);
    }

    protected override void Dispose(bool disposing)
    {
        _registration.Dispose();
        _inspector?.Dispose();
        base.Dispose(disposing);
    }

    private void Complete(Activity data)
    {
        try
        {
            if (!_group.Owns(data))
                return;

            ContentPolicy policy = _group.Content;
            bool isOwn = IsOwn(data);
            if (!isOwn && !AISpans.IsForeign(data))
            {
                // An exception that left a model call may stand on the span of the web request, too.
                if (!policy.Capture)
                    ForeignContent.RemoveErrors(data, isAI: false);
                return;
            }

            if (!isOwn)
            {
                if (DoubledSpan.Is(data))
                {
                    // Exporters skip it, but other processors still see it end.
                    ForeignContent.Apply(data, policy);
                    DoubledSpan.End(data);
                    return;
                }

                if (ReferenceEquals(policy, _settings.Content) || IsFirst(data, Normalised))
                    ForeignSpan.Normalise(data, policy);
            }

            bool isCall = data.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Llm or SpanKinds.Embedding;
            if (isCall)
                Compaction.AddToTotals(data);
            ForeignContent.DescribeError(data, policy);

            // Counts have the names that Note reads only after Normalise.
            SummedUsage.Note(data);
            if (isCall)
            {
                AgentProvider.Note(data);
                OnEndOfCall(data);
            }

            PlaceContent(data, isCall);

            // Bridges come last, so that they do not copy content that PlaceContent took from the span.
            _bridges?.Write(data, policy.Redacts);
            if (_inspector is not null && ReferenceEquals(_group.Settings.Inspecting, _settings))
                _inspector.Enter(data);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("span end", exception);
        }
    }

    // Other libraries use the source for spans of their own. Microsoft.Extensions.AI does so for tool calls, through a wrapped client.
    private static bool IsOwn(Activity activity) =>
        ReferenceEquals(activity.Source, ProbeSource.Instance) && activity.GetTagItem(Pandaprobe.Span.Kind) is not null;

    private void OnEndOfCall(Activity call)
    {
        bool measures = ClientMetrics.IsEnabled;
        if (_settings.Prices is null && !measures)
            return;

        var facts = CallFacts.Of(call);
        if (_settings.Prices is { } prices)
            CallCost.Set(call, ref facts, prices.Book);
        if (measures && (_group.Settings.Providers.Count == 1 || IsFirst(call, Measured)))
            ClientMetrics.Record(facts);
    }

    private void PlaceContent(Activity span, bool isCall)
    {
        ProbeMessageContent where = _group.Settings.Content.Where;
        if (where == ProbeMessageContent.Spans)
            return;

        if (isCall && IsFirst(span, Described))
            MessageEvents.Write(span, _settings.Events, _scanner);
        if (where == ProbeMessageContent.Events)
            MessageEvents.RemoveContent(span);
    }

    // Every provider of the process sees the same span end. Only the first normalises it and measures.
    private static bool IsFirst(Activity activity, string what)
    {
        if (activity.GetCustomProperty(what) is not null)
            return false;

        activity.SetCustomProperty(what, what);
        return true;
    }

    private static void SetIfMissing(Activity activity, string key, object value)
    {
        if (activity.GetTagItem(key) is null)
            activity.SetTag(key, value);
    }
}
