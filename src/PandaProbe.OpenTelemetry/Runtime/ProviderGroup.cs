using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PandaProbe.Runtime;

/// <summary>
/// Providers that share spans and <see cref="ProcessSettings"/>: those of the whole process, or those of one <see cref="ExecutionContext"/>
/// that are kept apart from all others. Several hosts or tests in one process listen to the same <see cref="ActivitySource"/>, so only the
/// context in which a span starts tells whose it is.
/// </summary>
internal sealed class ProviderGroup
{
    public static readonly ProviderGroup WholeProcess = new();

    private static readonly AsyncLocal<ProviderGroup?> Here = new();
    private static readonly ConditionalWeakTable<Activity, ProviderGroup> Owners = [];
    private static bool _anyApart;

    // Each replacement of a provider adds one.
    private const int MostDeparted = 16;

    private readonly object _gate = new();
    private volatile ProcessSettings _settings = ProcessSettings.Empty;
    private volatile (ContentPolicy Policy, DateTime At)[] _departed = [];

    private ProviderGroup()
    {
    }

    public static ProviderGroup Current => Volatile.Read(ref _anyApart) ? Here.Value ?? WholeProcess : WholeProcess;

    public ProcessSettings Settings => _settings;

    /// <summary>The policy for what is recorded now.</summary>
    public ContentPolicy Content => Memory.IsScarce ? _settings.ScarceContent : _settings.Content;

    /// <summary>
    /// Returns the policy by which the texts of a span leave. Its content waits for its redactors, and a provider with one may end earlier.
    /// </summary>
    public ContentPolicy PolicyOf(Activity span)
    {
        ContentPolicy policy = Content;
        foreach ((ContentPolicy departed, DateTime at) in _departed)
        {
            if (span.StartTimeUtc < at)
                policy = ContentPolicy.Strictest([departed, policy]);
        }

        return policy;
    }

    public HeldMemory Memory { get; } = new();

    /// <summary>Gets or sets how the exporter that left last counts spans whose end nobody hears.</summary>
    public Action<Activity>? CountsUnheard { get; set; }

    /// <summary>
    /// Keeps the providers that are built from here on apart, with the spans that start here, until the result is disposed. Inside such a
    /// group it does nothing.
    /// </summary>
    public static IDisposable? KeepApart()
    {
        if (Here.Value is not null)
            return null;

        Volatile.Write(ref _anyApart, true);
        Here.Value = new();
        return new Apart();
    }

    /// <summary>Remembers whose a span is that starts here.</summary>
    public static void Claim(Activity activity)
    {
        if (Volatile.Read(ref _anyApart))
            Owners.TryAdd(activity, Current);
    }

    /// <summary>Makes the span one of this group, wherever it started.</summary>
    public void Take(Activity activity) => Owners.AddOrUpdate(activity, this);

    public static ProviderGroup Of(Activity activity) =>
        Volatile.Read(ref _anyApart) && Owners.TryGetValue(activity, out ProviderGroup? owner) ? owner : WholeProcess;

    public bool Owns(Activity activity) => ReferenceEquals(Of(activity), this);

    public void Change(Func<ProcessSettings, ProcessSettings> change)
    {
        lock (_gate)
        {
            ProcessSettings before = _settings;
            _settings = change(before);
            foreach (ProviderSettings provider in before.Providers.Except(_settings.Providers).Where(gone => gone.Content.Redacts))
                _departed = [.. _departed.TakeLast(MostDeparted - 1), (provider.Content, TimeProvider.System.GetUtcNow().UtcDateTime)];
        }
    }

    private sealed class Apart : IDisposable
    {
        public void Dispose() => Here.Value = null;
    }
}
