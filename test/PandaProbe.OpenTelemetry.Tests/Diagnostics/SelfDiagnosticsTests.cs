using System.Diagnostics.Tracing;
using PandaProbe.Processes;

namespace PandaProbe.Diagnostics;

public sealed class SelfDiagnosticsTests
{
    [Fact]
    public void An_event_listener_sees_what_went_wrong_with_a_span()
    {
        using Events events = new();
        using SpanRecording recording = new();
        string name = Guid.NewGuid().ToString();

        using (SpanScope span = Probe.StartSpan(name))
            span.SetTokenUsage(promptTokens: -7);

        events.Warnings.Where(warning => warning.Contains(name))
            .ShouldBe([$"'prompt_tokens' was left out of span '{name}': -7 is not a number of tokens"]);
    }

    [Fact]
    public void The_event_source_is_well_formed_and_named_as_OpenTelemetrys_own()
    {
        PandaProbeEventSource.Log.Name.ShouldStartWith("OpenTelemetry-");
        PandaProbeEventSource.Log.ConstructionException.ShouldBeNull();
        EventSource.GenerateManifest(typeof(PandaProbeEventSource), null, EventManifestOptions.Strict).ShouldNotBeNull();
    }

    [Fact]
    public async Task OpenTelemetrys_diagnostics_file_shows_it()
    {
        string directory = Directory.CreateTempSubdirectory("pandaprobe-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "OTEL_DIAGNOSTICS.json"), """{"LogDirectory": ".", "FileSize": 1024, "LogLevel": "Informational", "FormatMessage": true}""");

            using var process = AppProcess.Start(
                "wrong-settings", new() { ["PANDAPROBE_BATCH_SIZE"] = "many", ["PANDAPROBE_API_KEY"] = "pp-key-9e0c" }, directory);
            (await process.WaitAsync()).ExitCode.ShouldBe(0);

            string log = await File.ReadAllTextAsync(Directory.GetFiles(directory, "*.log").ShouldHaveSingleItem());
            log.ShouldContain("'many' is not a value for PANDAPROBE_BATCH_SIZE");
            log.ShouldContain("A value of type 'PandaProbe.TestApp.Unserialisable' could not be serialised");
            log.ShouldContain("ApiKey=set");
            log.ShouldNotContain("pp-key-9e0c");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
