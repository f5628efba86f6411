using System.Diagnostics;

namespace PandaProbe.Testing;

/// <summary>Represents an activity of a capture, with its times by the clock of the capture.</summary>
internal sealed class CapturedActivity(Activity activity, long order, DateTimeOffset start)
{
    /// <summary>The property of an activity with the captures that it belongs to.</summary>
    public const string PropertyName = "pandaprobe.testing.captures";

    public Activity Activity => activity;

    public long Order => order;

    public DateTimeOffset Start => start;

    /// <summary>Gets or sets the end; <see langword="null"/> while the span is open.</summary>
    public DateTimeOffset? End { get; set; }
}
