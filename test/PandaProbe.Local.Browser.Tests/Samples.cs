using System.Text.Json.Nodes;
using static PandaProbe.Local.Browser.Tests.Otlp;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Traces as an agent of a shop would write them.</summary>
internal static class Samples
{
    public const string System =
        "You are the assistant of a shop. Answer in one sentence. Look orders up before you speak of them; never promise a refund that the rules do not allow.";

    /// <summary>A turn with a thought, a tool that fails once and is tried again, a retrieval, and an answer.</summary>
    public static Otlp Turn(
        string session, int number = 1, string question = "Where is order 4711?", DateTimeOffset? start = null, string model = "gpt-5.4",
        JsonArray? history = null)
    {
        Otlp trace = new(start);
        trace.Shared["session.id"] = session;
        trace.Shared["user.id"] = "user-abc";
        string root = trace.Add(
            "order-agent", null, 0, 1240, null, null, ("pandaprobe.span.kind", "AGENT"), ("gen_ai.operation.name", "invoke_agent"),
            ("gen_ai.agent.name", "order-agent"));
        JsonArray input = [Message("system", Text(System)), .. history?.Select(static message => message!.DeepClone()) ?? [],
            Message("user", Text(question))];
        string call = $"call_{number}";
        JsonObject asks = Message("assistant", Thought("The user wants to know about an order. I need its state first."), Call(call, "lookup_order", """{"id":"4711"}"""));
        trace.AddCall(root, 10, 420, input, [asks.DeepClone()], 1200, 30, model);
        trace.AddTool("lookup_order", root, 430, 477, """{"id":"4711"}""", "", call, "The warehouse did not answer within 47 ms.");
        trace.AddTool("lookup_order", root, 500, 560, """{"id":"4711"}""", """{"id":"4711","status":"shipped","items":[{"name":"kettle","price":39.9},{"name":"tea","price":4.5}]}""", call);
        trace.Add("search-rules", root, 570, 640, null, null, ("pandaprobe.span.kind", "RETRIEVER"), ("gen_ai.operation.name", "retrieval"),
            ("gen_ai.retrieval.query.text", "delivery times"),
            ("gen_ai.retrieval.documents", """[{"id":"rules-7","content":"Parcels arrive within three working days.","score":0.91}]"""));
        JsonArray second = [.. input.Select(static message => message!.DeepClone()), asks, Message("tool", Result(call, """{"id":"4711","status":"shipped"}"""))];
        trace.AddCall(root, 650, 1230, second,
            [Message("assistant", Text($"Your order **4711** was shipped and arrives within *three working days*. (answer {number})"))],
            1720, 42, model);
        return trace;
    }

    /// <summary>Many small traces: of one session, or without any.</summary>
    public static Otlp Many(int traces, string question, string? session = null)
    {
        Otlp many = new(DateTimeOffset.UtcNow.AddMinutes(-30));
        if (session is not null)
            many.Shared["session.id"] = session;
        for (int i = 0; i < traces; i++)
        {
            many.NewTrace();
            many.AddCall(null, i * 10, i * 10 + 9, [Message("user", Text($"{question} {i}"))], [Message("assistant", Text($"answer {i}"))]);
        }

        return many;
    }

    /// <summary>A trace of many spans: agents with calls and tools, a few of which fail.</summary>
    public static IEnumerable<Otlp> Big(string traceId, int spans)
    {
        const int Batch = 2000;
        DateTimeOffset start = DateTimeOffset.UtcNow.AddMinutes(-2);
        Otlp batch = new(start) { TraceId = traceId };
        string root = batch.Add("big-run", null, 0, spans);
        string agent = root;
        for (int i = 1; i < spans; i++)
        {
            if (i % Batch == 0)
            {
                yield return batch;
                batch = new(start) { TraceId = traceId };
            }

            if (i % 10 == 1)
            {
                agent = batch.Add($"agent-{i / 10}", root, i, i + 10, null, null, ("pandaprobe.span.kind", "AGENT"));
            }
            else if (i % 2 == 0)
            {
                batch.Add("chat gpt-5.4", agent, i, i + 0.9, null, null, ("gen_ai.operation.name", "chat"),
                    ("gen_ai.request.model", "gpt-5.4"), ("gen_ai.usage.input_tokens", 100 + i % 50),
                    ("gen_ai.usage.output_tokens", i % 20));
            }
            else
            {
                batch.Add("lookup", agent, i, i + 0.5, i % 501 == 0 ? "not found" : null, null, ("pandaprobe.span.kind", "TOOL"));
            }
        }

        yield return batch;
    }
}
