using System.Diagnostics.Tracing;
using System.Globalization;

namespace PandaProbe.Diagnostics;

/// <summary>Lets one line of a kind through in a minute and counts the others, because a failure often repeats for every span.</summary>
internal sealed class LogLimiter(TimeProvider time)
{
    private const int MaxKinds = 100;

    // These events are written once, or their writers limit them.
    private static readonly HashSet<int> Unlimited = [4, 5, 20];
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Event, string? What), (long Since, int Held)> _said = [];

    /// <summary>The event as one line, or null when another of its kind was written in the last minute.</summary>
    public string? Line(EventWrittenEventArgs written)
    {
        string text = PandaProbeEventSource.Text(written);
        return Unlimited.Contains(written.EventId) ? text : Line(written.EventId, written.Payload is [string what, ..] ? what : null, text);
    }

    public string? Line(int id, string? what, string text)
    {
        lock (_said)
        {
            if (_said.Count >= MaxKinds && !_said.ContainsKey((id, what)))
                what = null;
            long now = time.GetTimestamp();
            if (!_said.TryGetValue((id, what), out (long Since, int Held) said))
            {
                _said[(id, what)] = (now, 0);
                return text;
            }

            if (time.GetElapsedTime(said.Since, now) < Pause)
            {
                _said[(id, what)] = (said.Since, said.Held + 1);
                return null;
            }

            _said[(id, what)] = (now, 0);
            return said.Held == 0
                ? text : string.Create(CultureInfo.InvariantCulture, $"{text} ({said.Held} more like this since the line before.)");
        }
    }
}
