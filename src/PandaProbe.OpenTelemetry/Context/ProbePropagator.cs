using System.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// Adds session, user and tags to the headers that .NET's HTTP handlers write, for allowed hosts. Entries that came in with a request, and
/// that ASP.NET Core added to the baggage of its activity, go to no other host either.
/// <para>
/// The handlers ask for each hop of a redirect, and remove the headers in <see cref="Fields"/> before the next one.
/// </para>
/// </summary>
internal sealed class ProbePropagator(DistributedContextPropagator inner, PandaProbePropagationOptions options)
    : DistributedContextPropagator
{
    private const string Baggage = "baggage";

    private static readonly object Gate = new();

    private readonly AllowedHosts _hosts = new(options);

    public override IReadOnlyCollection<string> Fields { get; } = [.. inner.Fields.Union([Baggage], StringComparer.OrdinalIgnoreCase)];

    /// <summary>
    /// Replaces the propagator of the process until disposed. Handlers take the propagator of the process when they are created.
    /// </summary>
    public static IDisposable Install(PandaProbePropagationOptions options)
    {
        lock (Gate)
        {
            DistributedContextPropagator before = Current;
            ProbePropagator installed = new(before, options);
            Current = installed;
            return new Installed(installed, before);
        }
    }

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (setter is null)
            return;

        string others = "";
        inner.Inject(activity, carrier, (target, name, value) =>
        {
            if (!name.Equals(Baggage, StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Correlation-Context", StringComparison.OrdinalIgnoreCase))
            {
                setter(target, name, value);
                return;
            }

            string kept = PropagatedContext.WithoutOwn(value);
            if (name.Equals(Baggage, StringComparison.OrdinalIgnoreCase))
                others = kept;
            else if (kept.Length > 0)
                setter(target, name, kept);
        });

        string own = carrier is HttpRequestMessage request && _hosts.Contains(request.RequestUri)
            ? PropagatedContext.Write(AmbientContext.Current, options) : "";
        string header = PropagatedContext.Join(others, own);
        if (header.Length > 0)
            setter(carrier, Baggage, header);
    }

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    // Whoever trusts the sender reads the header; as baggage of an activity the entries would travel on.
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        inner.ExtractBaggage(carrier, getter)?.Where(entry => !entry.Key.StartsWith("pandaprobe.", StringComparison.OrdinalIgnoreCase));

    private sealed class Installed(ProbePropagator installed, DistributedContextPropagator before) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
            {
                if (ReferenceEquals(Current, installed))
                    Current = before;
            }
        }
    }
}
