using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PandaProbe.Metrics;

/// <summary>
/// What the library's meter measures meanwhile, whoever calls: all tests of the process share the meter, so only tests that run alone can
/// listen.
/// </summary>
internal sealed class Measurements : IDisposable
{
    public const string Duration = "gen_ai.client.operation.duration";
    public const string Tokens = "gen_ai.client.token.usage";
    public const string FirstChunk = "gen_ai.client.operation.time_to_first_chunk";
    public const string NextChunk = "gen_ai.client.operation.time_per_output_chunk";
    public const string Cost = "pandaprobe.client.operation.cost";

    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Probe.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyList<Measured> All => [.. _measured];

    public IReadOnlyList<Measured> Of(string name) => [.. _measured.Where(measured => measured.Name == name)];

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new(instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
}
