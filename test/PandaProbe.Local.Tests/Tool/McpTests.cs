using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>The real client of the Model Context Protocol, over HTTP and over the standard input and output.</summary>
public sealed partial class McpTests
{
    private static readonly string[] Names = ["compare_runs", "cost_report", "describe_trace", "find", "get_messages", "list_sessions",
        "what_failed"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Coding_agents_get_conclusions(bool overHttp)
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        CommandTests.Send(tool, "mcp", failing: false);
        string id = CommandTests.Send(tool, "mcp", failing: true);
        await using McpClient client = await McpClient.CreateAsync(overHttp ? Http(tool) : Stdio(tool));

        IList<McpClientTool> tools = await client.ListToolsAsync();
        tools.Select(found => found.Name).Order(StringComparer.Ordinal).ShouldBe(Names);
        tools.ShouldAllBe(found => found.ProtocolTool.Annotations!.ReadOnlyHint == true && found.Description.Length > 20);
        client.ServerInstructions.ShouldNotBeNull();

        string failed = await AskAsync(client, "what_failed");
        failed.ShouldContain($"{id} invoke_agent support");
        failed.ShouldContain("failed in lookup_order: Timeout after");
        failed.ShouldContain("Timeout: No answer.");
        failed.Split("failed in").Length.ShouldBe(2, "the other trace did not fail");

        string described = await AskAsync(client, "describe_trace", ("trace", id[..8]));
        described.ShouldContain("input: " + Traces.Question);
        described.ShouldContain("├─ TOOL lookup_order");
        described.ShouldEndWith($"See {tool.Http}traces/{id}");

        string compared = await AskAsync(client, "compare_runs", ("trace", id));
        compared.ShouldContain("before");
        compared.ShouldContain("TOOL lookup_order: ");
        compared.ShouldContain("→ ✗ Timeout");

        string messages = await AskAsync(client, "get_messages", ("trace", id));
        messages.ShouldContain("user: " + Traces.Question);
        messages.ShouldContain("arguments: {\"id\":4711}");
        messages.ShouldContain("(1 earlier message)");
        messages.ShouldContain("assistant: It is on its way.");

        string sessions = await AskAsync(client, "list_sessions");
        sessions.ShouldContain("s1 · 2 turns · 4 calls, 600 → 60, $");

        string costs = await AskAsync(client, "cost_report");
        costs.ShouldContain("gpt-5.4: ");
        costs.ShouldContain("600 → 60");

        string found = await AskAsync(client, "find", ("query", "tool:lookup_order error \"on its way\""));
        found.ShouldContain($"LLM chat gpt-5.4 · trace {id} · span ");
        found.ShouldContain("It is on its way.");
        found.ShouldContain($"TOOL lookup_order · trace {id} · span ");
        (await AskAsync(client, "find", ("query", "tool:other"))).ShouldStartWith("Nothing was found.");

        CallToolResult wrong = await client.CallToolAsync("describe_trace", new Dictionary<string, object?> { ["trace"] = "ffffffff" });
        wrong.IsError.ShouldBe(true);
        ((TextContentBlock)wrong.Content[0]).Text.ShouldContain("There is no trace ffffffff.");
    }

    [Fact]
    public async Task Long_answers_come_in_pages_of_4_KB_and_nothing_is_lost()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        string text = string.Join(' ', Enumerable.Range(0, 4_000).Select(i => $"wörd{i}😀"));
        string id;
        using (ActivitySource source = new("long"))
        using (TracerProvider provider = tool.Provider("long", OtlpExportProtocol.HttpProtobuf))
        {
            using Activity call = source.StartActivity("chat")!;
            id = call.TraceId.ToHexString();
            call.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.input.messages", $$"""[{"role":"user","parts":[{"type":"text","content":"{{text}}"}]}]""");
        }

        for (int i = 0; i < 40; i++)
            CommandTests.Send(tool, $"many-{i}", failing: true);
        await using McpClient client = await McpClient.CreateAsync(Http(tool));

        StringBuilder whole = new();
        foreach (string page in await PagesAsync(client, "get_messages", ("trace", id)))
            whole.Append(page);
        whole.Replace("\n", "").ToString().ShouldContain(text);

        List<string> failures = await PagesAsync(client, "what_failed");
        failures.Count.ShouldBeGreaterThan(2);
        failures.SelectMany(page => TraceId().Matches(page).Select(match => match.Value)).Distinct().Count().ShouldBe(40);
    }

    private static async Task<List<string>> PagesAsync(McpClient client, string name, params (string, string)[] arguments)
    {
        List<string> pages = [];
        string? cursor = null;
        do
        {
            string answer = await AskAsync(client, name, cursor is null ? arguments : [.. arguments, ("cursor", cursor)]);
            Match more = More().Match(answer);
            cursor = more.Success ? more.Groups[1].Value : null;
            pages.Add(answer[..(more.Success ? more.Index : answer.LastIndexOf("\nSee ", StringComparison.Ordinal))]);
        }
        while (cursor is not null && pages.Count < 100);
        return pages;
    }

    private static async Task<string> AskAsync(McpClient client, string name, params (string Name, string Value)[] arguments)
    {
        CallToolResult result = await client.CallToolAsync(
            name, arguments.ToDictionary(argument => argument.Name, object? (argument) => argument.Value));
        string text = ((TextContentBlock)result.Content.ShouldHaveSingleItem()).Text;
        result.IsError.ShouldNotBe(true, text);
        Encoding.UTF8.GetByteCount(text).ShouldBeLessThanOrEqualTo(4_096);
        text.ShouldContain("\nSee http://localhost:");
        return text;
    }

    private static HttpClientTransport Http(RunningTool tool) =>
        new(new() { Endpoint = new Uri(tool.Http, "mcp"), TransportMode = HttpTransportMode.StreamableHttp });

    private static StdioClientTransport Stdio(RunningTool tool) => new(new()
    {
        Command = "dotnet",
        Arguments = ["exec",
        typeof(McpTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Tool").Value!, "mcp"],
        EnvironmentVariables = new Dictionary<string, string?> { ["PANDAPROBE_LOCAL_DIRECTORY"] = tool.Directory },
    });

    [GeneratedRegex("\\(more: cursor=\"([^\"]+)\"")]
    private static partial Regex More();

    [GeneratedRegex("^[0-9a-f]{32} (?=invoke_agent)", RegexOptions.Multiline)]
    private static partial Regex TraceId();
}
