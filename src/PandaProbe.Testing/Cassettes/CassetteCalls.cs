using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Files;
using PandaProbe.Testing.Cassettes.Masking;
using PandaProbe.Testing.Cassettes.Matching;

namespace PandaProbe.Testing.Cassettes;

/// <summary>Decides for the calls of a cassette whether they are answered from the file or sent. Both seams ask here.</summary>
internal sealed class CassetteCalls
{
    private readonly CassetteFile _file;
    private readonly CassetteMode _mode;
    private readonly Tape _tape;
    private CassetteException? _miss;

    public CassetteCalls(string path, CassetteMode mode, CassetteOptions options)
    {
        _file = CassetteFile.At(path);
        _mode = mode;
        Options = options;
        Mask = new(options.Safety);
        Form = new(options.IgnoredFields, options.Rewrite);
        IEnumerable<RecordedCall> recordings = mode == CassetteMode.Record ? [] : _file.Read();
        _tape = new(
            [.. recordings.Select(recording => new RecordedCall(Form.Normalize(recording.Request)!, recording.Response))],
            options.RepeatLast);
    }

    public CassetteOptions Options { get; }

    public CassetteMask Mask { get; }

    public RequestForm Form { get; }

    public IReadOnlyList<RecordedCall> Recordings => _tape.Recordings;

    /// <summary>Returns the recording that answers a call, or null where the call is to be sent. Throws where it must not be.</summary>
    public RecordedCall? Find(JsonNode request)
    {
        if (_tape.Take(request, out int number) is { } recording)
            return recording;

        if (_mode != CassetteMode.Replay)
            return null;

        CassetteException miss = new(MissMessage.Write(_file.Path, _tape.Recordings, request, number));
        Interlocked.CompareExchange(ref _miss, miss, null);
        throw miss;
    }

    public OpenRecording Begin(JsonNode request) => _tape.Begin(request);

    public void ShouldBeUsed()
    {
        if (_tape.Unused() is { Count: > 0 } unused)
            throw new ProbeAssertionException(UnusedMessage.Write(_file.Path, _tape.Recordings, unused));
    }

    /// <summary>Writes what was recorded. Throws the first miss once more, because agents swallow exceptions of their tools and
    /// models.</summary>
    public void Finish()
    {
        if (_tape.Finish() is { Count: > 0 } recorded)
            _file.Add(recorded, keepsOthers: _mode == CassetteMode.Auto, Mask.Check);

        if (_miss is { } miss)
            throw new CassetteException(miss.Message, miss);
    }
}
