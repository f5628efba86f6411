using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Leaks;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>
/// The viewer's column of the leak matrix: a secret of its own stands in every row of <see cref="TextTable"/>, in spans that ended and in
/// spans that run, and none of them may be in the store or in an answer of the real viewer.
/// </summary>
[Collection(RunningTool.ExportsOfThisProcess)]
public sealed class LocalLeakTests
{
    private static readonly string[] Lists =
    [
        "/api/traces", "/api/sessions", "/api/overview", "/api/analytics", "/api/conversations", "/api/search?q=ghp", "/api/status",
        "/api/runs",
    ];

    [Theory]
    [InlineData(LeakWay.Masking)]
    [InlineData(LeakWay.ContentOff)]
    [InlineData(LeakWay.ThrowingRedactor)]
    public async Task No_planted_value_reaches_the_viewer(LeakWay way)
    {
        (string shown, Plants plants) = await ShowAsync(way, masks: way == LeakWay.Masking);
        plants.Leaks(shown, row => row.Kind != TextKind.Label || way == LeakWay.Masking).ShouldBeEmpty($"{way}");
    }

    [Fact]
    public async Task Without_masking_the_rows_reach_it_so_that_the_column_can_fail()
    {
        (string shown, Plants plants) = await ShowAsync(way: null, masks: false);
        (string Row, string Place)[] leaks = [.. plants.Leaks(shown, static _ => true)];
        leaks.Select(leak => leak.Row).Distinct().Count().ShouldBeGreaterThan(60);
        leaks.Count(leak => leak.Place.StartsWith("running", StringComparison.Ordinal)).ShouldBeGreaterThan(8);
    }

    /// <summary>Records spans of all kinds, and returns all that the viewer keeps and answers, while they run and after.</summary>
    private static async Task<(string Shown, Plants Plants)> ShowAsync(LeakWay? way, bool masks)
    {
        Plants plants = new();
        StringBuilder shown = new();
        await using RunningTool tool = await RunningTool.StartAsync();
        using var isolation = ProbeIsolation.Begin();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .ConfigureResource(resource => resource.AddAttributes([new("host.note", plants.Of(TextTable.Resource))]))
            .AddPandaProbe(options =>
            {
                LeakWays.Set(options, way, masks);
                (options.Export, options.LocalDirectory) = (ProbeExport.Local, tool.Directory);
            }).Build())
        {
            await using Changes changes = await Changes.ListenAsync(tool);
            await plants.RunAsync(source, async trace =>
            {
                await changes.UntilAsync($"/api/traces/{trace.TraceId}",
                    static answer => answer.GetProperty("spans").GetProperty("count").GetInt32() == 4);
                await ReadAsync(tool, shown);
            });
            plants.Record(source);
            provider.ForceFlush(60_000).ShouldBeTrue();
        }

        await ReadAsync(tool, shown);
        return (shown.ToString(), plants);
    }

    private static async Task ReadAsync(RunningTool tool, StringBuilder shown)
    {
        foreach (string list in Lists)
            await AppendAsync(list);
        foreach (JsonElement trace in (await tool.GetAsync("/api/traces?limit=500")).GetProperty("items").EnumerateArray())
        {
            string id = trace.GetProperty("id").GetString()!;
            await AppendAsync($"/api/traces/{id}");
            await AppendAsync($"/api/traces/{id}/otlp");
        }

        foreach (string file in Directory.EnumerateFiles(tool.Directory, "traces.db*"))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream, Encoding.Latin1);
            shown.Append(await reader.ReadToEndAsync());
        }

        async Task AppendAsync(string path)
        {
            using HttpResponseMessage response = await tool.Client.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            shown.Append(await response.Content.ReadAsStringAsync());
        }
    }
}
