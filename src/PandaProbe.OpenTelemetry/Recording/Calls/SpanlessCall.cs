using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>
/// A wrapped client's call without a span of its own: it is not recorded, or another library's span records it. <see cref="CallKinds"/>
/// marks spans; here an <see cref="AsyncLocal{T}"/> does the same, so that an inner wrapper does not count the call again.
/// </summary>
internal sealed class SpanlessCall
{
    private static readonly AsyncLocal<SpanlessCall?> Current = new();

    private readonly ProbeSpanKind _kind;
    private readonly Activity? _below;
    private readonly SpanlessCall? _outer;

    private SpanlessCall(ProbeSpanKind kind)
    {
        _kind = kind;
        _below = Activity.Current;
        _outer = Current.Value;
    }

    public CallsBelow Calls { get; } = new();

    /// <summary>Begins a call below the current span.</summary>
    public static SpanlessCall Begin(ProbeSpanKind kind) => Current.Value = new(kind);

    /// <summary>
    /// Returns the <see cref="CallsBelow"/> of the open call when the call that starts now is the same call. As with spans, only the first
    /// below it is.
    /// </summary>
    /// <param name="kind">The kind of the call.</param>
    /// <param name="isSpanOfCall">Whether the current span is the span of such a call, and so does not separate the two.</param>
    public static CallsBelow? TakeOver(ProbeSpanKind kind, bool isSpanOfCall)
    {
        for (SpanlessCall? call = Current.Value; call is not null; call = call._outer)
        {
            if (call._kind == kind)
                return (isSpanOfCall || ReferenceEquals(call._below, Activity.Current)) && call.Calls.TryTake() ? call.Calls : null;
        }

        return null;
    }

    /// <summary>Makes this the open call again, unless an inner call has been matched to it.</summary>
    public void Enter()
    {
        if (Calls.IsOpen)
            Current.Value = this;
    }

    public void End()
    {
        Calls.End();
        Leave();
    }

    /// <summary>Makes the enclosing call the open one again.</summary>
    public void Leave()
    {
        if (ReferenceEquals(Current.Value, this))
            Current.Value = _outer;
    }
}
