using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Matching;

namespace PandaProbe.Testing.Cassettes.Files;

/// <summary>The recordings that answer calls, and the calls that are being recorded.</summary>
internal sealed class Tape(IReadOnlyList<RecordedCall> recordings, bool repeatsLast)
{
    private readonly object _lock = new();
    private readonly ILookup<string, RecordedCall> _byKey = recordings.ToLookup(recording => recording.Key);
    private readonly Dictionary<string, int> _taken = [];
    private readonly List<OpenRecording> _recorded = [];
    private int _calls;

    public IReadOnlyList<RecordedCall> Recordings => recordings;

    /// <summary>Returns the recording that answers a call: of several alike the first one that was not returned yet. Null when there is
    /// none.</summary>
    /// <param name="request">The call.</param>
    /// <param name="number">The place of the call among all of this cassette, from 1.</param>
    public RecordedCall? Take(JsonNode request, out int number)
    {
        string key = RequestForm.Key(request);
        lock (_lock)
        {
            number = ++_calls;
            int taken = _taken.GetValueOrDefault(key);
            RecordedCall[] alike = [.. _byKey[key]];
            if (taken < alike.Length)
            {
                _taken[key] = taken + 1;
                return alike[taken];
            }

            return repeatsLast ? alike.LastOrDefault() : null;
        }
    }

    /// <summary>Returns the places in the file of the recordings that answered no call.</summary>
    public IReadOnlyList<int> Unused()
    {
        lock (_lock)
        {
            return [.. recordings.Select((recording, place) => (recording.Key, Place: place)).GroupBy(one => one.Key)
                .SelectMany(alike => alike.Skip(_taken.GetValueOrDefault(alike.Key))).Select(one => one.Place).Order()];
        }
    }

    /// <summary>Reserves the place of a call whose answer is still to come.</summary>
    public OpenRecording Begin(JsonNode request)
    {
        OpenRecording recording = new(request);
        lock (_lock)
            _recorded.Add(recording);

        return recording;
    }

    /// <summary>Returns what was recorded, in the order in which the calls began. Calls without an answer are left out: the failure of a
    /// network is not the answer of a model.</summary>
    public IReadOnlyList<RecordedCall> Finish()
    {
        lock (_lock)
            return [.. _recorded.Select(recording => recording.Finish()).OfType<RecordedCall>()];
    }
}
