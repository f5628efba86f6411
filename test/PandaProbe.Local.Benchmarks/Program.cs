using PandaProbe.Local.Benchmarks;

// Measures the local viewer as a process, driven with recorded requests: dotnet run -c Release -- ingest 30
// A third word measures one protocol alone, without the control: ingest 30 http
// Others are start, large, phases, heads, and retention 2000000 200MB.
string what = args is [{ } given, ..] ? given : "all";
bool all = what == "all";
if (all || what == "start")
    await Measurements.StartAsync();
if (all || what == "ingest")
{
    await Measurements.IngestAsync(
        TimeSpan.FromSeconds(args is [_, { } seconds, ..] ? int.Parse(seconds) : 15),
        args is [_, _, { } name] ? [Enum.Parse<Protocol>(name, ignoreCase: true)] : [Protocol.Http, Protocol.Grpc],
        withControl: args.Length < 3);
}

if (all || what == "large")
    await Measurements.LargeTracesAsync();
if (what == "retention")
    await Measurements.RetentionAsync(args is [_, { } spans, ..] ? int.Parse(spans) : 2_000_000, args is [_, _, { } keep] ? keep : "200MB");
if (what == "phases")
    await Phases.MeasureAsync();
if (what == "heads")
    await HeadPhases.MeasureAsync();
return 0;
