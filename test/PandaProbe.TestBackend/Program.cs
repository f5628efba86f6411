using PandaProbe.TestBackend;

// A backend to point a program at: prints its address, and what it holds when it is told to stop.
int port = args.Length > 0 && int.TryParse(args[0], out int wanted) ? wanted : 0;
await using Backend backend = await Backend.StartAsync(new BackendOptions { Port = port });
Console.WriteLine(
    $"PandaProbe test backend at {backend.Address} (key {BackendOptions.DefaultApiKey}, project {BackendOptions.DefaultProject})");

TaskCompletionSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.TrySetResult();
};
await Task.WhenAny(stop.Task, Task.Delay(TimeSpan.FromMinutes(30)));
Console.WriteLine(
    $"{backend.Traces.Count} traces, {backend.Traces.Values.Sum(trace => trace.Spans.Count)} spans, {backend.Scores.Count} scores, {backend.Violations.Count} violations");
