using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Leaks;

/// <summary>A secret in each row, and where each stands.</summary>
internal sealed class Plants
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private readonly Random _random = new(17);
    private readonly List<(string Row, string Place, string Secret)> _planted = [];

    public IEnumerable<string> Rows => _planted.Select(plant => plant.Row).Distinct();

    /// <summary>Makes a secret for a row.</summary>
    public string Of(string row, string? place = null)
    {
        string secret = "ghp_" + new string([.. Enumerable.Range(0, 36).Select(_ => Alphabet[_random.Next(Alphabet.Length)])]);
        _planted.Add((row, place ?? row, secret));
        return secret;
    }

    /// <summary>The places of the rows that are in what left.</summary>
    public IEnumerable<(string Row, string Place)> Leaks(string sent, Func<TextRow, bool> counts) =>
        _planted.Where(plant => sent.Contains(plant.Secret[4..16], StringComparison.Ordinal)
            && counts(TextTable.All.Single(row => row.Name == plant.Row))).Select(plant => (plant.Row, plant.Place));

    public void Record(ActivitySource source)
    {
        if (!Rows.Contains(TextTable.Resource))
            Of(TextTable.Resource, "not given to this provider");
        using TraceScope trace = Probe.StartTrace(
            "trace " + Of(TextTable.SpanName), input: "in " + Of(General.Input.Value), sessionId: "s-" + Of(General.SessionId),
            userId: Of(General.UserId), tags: [Of(General.Tags)],
            metadata: new() { ["m"] = Of(Pandaprobe.Metadata.Prefix), [Of(Pandaprobe.Metadata.Prefix, "name")] = 1 });
        using (SpanScope call = trace.StartSpan(
            "call " + Of(TextTable.SpanName, "span"), ProbeSpanKind.Llm, model: "m-" + Of(GenAI.Request.Model)))
        {
            call.SetInput(
                [ProbeMessage.System(Of(GenAI.SystemInstructions)), ProbeMessage.User("user " + Of(GenAI.Input.Messages)),
                    ProbeMessage.User(ProbeMessagePart.ToolResult("call_1", Of(GenAI.Tool.Call.Result, "part")))]);
            call.SetOutput([ProbeMessage.Assistant("assistant\n" + Of(GenAI.Output.Messages)), ProbeMessage.Assistant(
                ProbeMessagePart.ToolCall("call_2", "tool", new { key = Of(GenAI.Tool.Call.Arguments, "part") }))]);
            call.SetModelParameters(new() { ["stop_sequences"] = new[] { Of(Pandaprobe.ModelParameters.Prefix) } });
            call.SetFinishReason(Of(GenAI.Response.FinishReasons));
            call.SetMetadata("nested", new { a = new[] { Of(Pandaprobe.Metadata.Prefix, "nested") } });
            call.SetTokenUsage(1, 1, new() { ["n"] = 1 });
        }

        using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
        {
            tool.SetInput(new Dictionary<string, object>
            {
                [Of(GenAI.Tool.Call.Arguments, "property name")] = Of(GenAI.Tool.Call.Arguments),
                ["json"] = $$"""{"k":"{{Of(GenAI.Tool.Call.Arguments, "JSON in a string")}}"}""",
            });
            tool.SetOutput("result " + Of(GenAI.Tool.Call.Result));
            tool.RecordException(new FormatException("failed at " + Of(General.Exception.Message)));
        }

        using (SpanScope retriever = trace.StartSpan("retrieve", ProbeSpanKind.Retriever))
        {
            retriever.SetInput(Of(GenAI.Retrieval.QueryText));
            retriever.SetDocuments([new(Of(GenAI.Retrieval.Documents), Of(GenAI.Retrieval.Documents, "id"), 0.5)]);
        }

        using (SpanScope failed = trace.StartSpan("failed"))
            failed.SetError("failed " + Of(TextTable.Status, "SetError"));
        trace.Score("quality " + Of(TextTable.ScoreName), Of(TextTable.ScoreValue), "because of " + Of(TextTable.ScoreReason),
            new() { ["k"] = Of(TextTable.ScoreMetadata) });

        foreach (TextRow row in TextTable.All.Where(row => row.Where is TextPlace.Attribute or TextPlace.Prefix))
            RecordForeign(source, row.Where == TextPlace.Prefix ? row.Name + "x" : row.Name, row.Name);
        RecordForeign(source, "nobody.knows.this", TextTable.OtherAttribute);
        RecordOthers(source);
    }

    /// <summary>Opens spans, and does something while they run.</summary>
    public async Task RunAsync(ActivitySource source, Func<Activity, Task> whileTheyRun)
    {
        using TraceScope trace = Probe.StartTrace(
            "trace " + Of(TextTable.SpanName, "running"), input: "in " + Of(General.Input.Value, "running"),
            sessionId: "s-" + Of(General.SessionId, "running"), userId: Of(General.UserId, "running"), tags: [Of(General.Tags, "running")],
            metadata: new() { ["m"] = Of(Pandaprobe.Metadata.Prefix, "running"), [Of(Pandaprobe.Metadata.Prefix, "running name")] = 1 });
        using SpanScope call = trace.StartSpan("call", ProbeSpanKind.Llm, model: "m-" + Of(GenAI.Request.Model, "running"));
        call.SetInput([ProbeMessage.System(Of(GenAI.SystemInstructions, "running")),
            ProbeMessage.User(Of(GenAI.Input.Messages, "running"))]);
        call.SetModelParameters(new() { ["stop_sequences"] = new[] { Of(Pandaprobe.ModelParameters.Prefix, "running") } });
        call.SetMetadata("nested", new { a = new[] { Of(Pandaprobe.Metadata.Prefix, "running, nested") } });
        using SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool);
        tool.SetInput(new Dictionary<string, object>
        {
            [Of(GenAI.Tool.Call.Arguments, "running, property name")] = Of(GenAI.Tool.Call.Arguments, "running"),
        });
        using Activity? foreign = source.StartActivity("foreign " + Of(TextTable.SpanName, "running, foreign"), ActivityKind.Client);
        foreign!.SetTag("gen_ai.operation.name", "chat");
        foreach (TextRow row in TextTable.All.Where(row => row.Where is TextPlace.Attribute && row.Name != GenAI.OperationName))
            foreign.SetTag(row.Name, "a " + Of(row.Name, "on a foreign span that runs"));
        await whileTheyRun(trace.Activity!);
    }

    private void RecordForeign(ActivitySource source, string attribute, string row)
    {
        using Activity? span = source.StartActivity("foreign");
        span!.SetTag("gen_ai.provider.name", "openai");
        span.SetTag(attribute, "a " + Of(row, "on a foreign span"));
    }

    private void RecordOthers(ActivitySource source)
    {
        using Activity? span = source.StartActivity(
            "foreign " + Of(TextTable.SpanName, "foreign"), ActivityKind.Client, default(ActivityContext),
            [new("gen_ai.operation.name", "chat"), new("list", new[] { Of(TextTable.OtherAttribute, "list") }),
                new("mixed", new object[] { 1, Of(TextTable.OtherAttribute, "mixed list") }),
                new("object", new Uri("https://example.com/" + Of(TextTable.OtherAttribute, "object"))),
                new("json", $$"""[{"k":"{{Of(TextTable.OtherAttribute, "JSON")}}"}]""")],
            [new(new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default),
                new() { ["note"] = Of(TextTable.LinkAttribute) })]);
        span!.AddEvent(new("event " + Of(TextTable.EventName)));
        span.AddEvent(new("gen_ai.content.prompt", tags: new() { { "gen_ai.prompt", Of("gen_ai.prompt", "event") } }));
        span.AddEvent(new("gen_ai.user.message", tags: new() { { "content", Of(TextTable.OtherAttribute, "event") } }));
        span.AddException(new FormatException("cannot read " + Of(General.Exception.Message, "foreign")));
        span.SetStatus(ActivityStatusCode.Error, "status " + Of(TextTable.Status));
    }
}
