using System.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>
/// A wrapped client's call that has no span of its own: it is not recorded, or another library's span stands for it. What <see cref="CallKinds"/> marks on the span,
/// an <see cref="AsyncLocal{T}"/> holds here: a wrapper inside of the wrapper finds its call counted already.
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

    /// <summary>The calls of the open one when it is the call that starts now. As with spans, only the first below it is.</summary>
    /// <param name="kind">What the call is of.</param>
    /// <param name="isSpanOfCall">Whether the current span stands for such a call, and so does not separate the two.</param>
    public static CallsBelow? TakeOver(ProbeSpanKind kind, bool isSpanOfCall)
    {
        for (SpanlessCall? call = Current.Value; call is not null; call = call._outer)
        {
            if (call._kind == kind)
                return (isSpanOfCall || ReferenceEquals(call._below, Activity.Current)) && call.Calls.TryTake() ? call.Calls : null;
        }

        return null;
    }

    /// <summary>Makes this the open call again, unless a call was found to be it.</summary>
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

    /// <summary>Makes the call around this one the open one again.</summary>
    public void Leave()
    {
        if (ReferenceEquals(Current.Value, this))
            Current.Value = _outer;
    }
}
