using System.Globalization;
using PandaProbe.Diagnostics;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// Says in the log what goes wrong on the way to the receiver: at once, once for each standstill, and again when it comes back after a
/// success. Trouble that comes and goes all the time gets a few lines a minute.
/// </summary>
internal sealed class OtlpReporter(TimeProvider time)
{
    private const int MostLines = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _standing = new(StringComparer.Ordinal);
    private readonly Queue<long> _said = new();
    private bool _anyStands;
    private int _held;

    /// <param name="kind">Trouble of one kind is said once until <see cref="Recovered"/>.</param>
    /// <param name="message">A sentence for people.</param>
    public void Report(string kind, string message)
    {
        lock (_standing)
        {
            if (!_standing.Add(kind))
                return;

            Volatile.Write(ref _anyStands, true);
            long now = time.GetTimestamp();
            while (_said.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) > Interval)
                _said.Dequeue();
            if (_said.Count >= MostLines)
            {
                _held++;
                return;
            }

            _said.Enqueue(now);
            if (_held > 0)
                message = string.Create(CultureInfo.InvariantCulture, $"{message} ({_held} more messages in the minute before.)");
            _held = 0;
        }

        PandaProbeEventSource.Log.ExportProblem(message);
    }

    /// <summary>Ends every standstill: the receiver took spans.</summary>
    public void Recovered()
    {
        if (!Volatile.Read(ref _anyStands))
            return;

        lock (_standing)
        {
            _standing.Clear();
            Volatile.Write(ref _anyStands, false);
        }
    }
}
