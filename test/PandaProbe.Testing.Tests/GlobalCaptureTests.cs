namespace PandaProbe.Testing;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}

[Collection(Alone.Name)]
public sealed class GlobalCaptureTests
{
    [Fact]
    public async Task Records_what_belongs_to_no_other_capture()
    {
        using var global = ProbeCapture.StartGlobal();
        await CaptureTests.Elsewhere(() =>
        {
            using TraceScope trace = Probe.StartTrace("server");
            using (SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai"))
                call.SetTokenUsage(100, 10);
            trace.Score("helpful", 1);
        });
        await Task.Run(async () =>
        {
            using var own = ProbeCapture.Start();
            Probe.StartTrace("own").Dispose();
            (await own.WaitForTraceAsync()).Name.ShouldBe("own");
        });

        CapturedTrace captured = await global.WaitForTraceAsync();

        captured.Name.ShouldBe("server");
        captured.Cost.ShouldBeGreaterThan(0);
        captured.Scores.ShouldHaveSingleItem();
        global.Measurements.ShouldNotBeEmpty();
    }
}
