using System.Diagnostics;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>Traces as an instrumented agent makes them, with OpenTelemetry's names.</summary>
internal static class Traces
{
    public const string Question = "Where is my order 4711? I have waited for two weeks now, and nobody answers the telephone.";

    /// <summary>An agent with two calls of 100 and 200 tokens and a tool between them. Returns the trace id.</summary>
    public static string Agent(ActivitySource source, string session, bool failing = false)
    {
        using Activity agent = source.StartActivity("invoke_agent support")!;
        agent.SetTag("gen_ai.operation.name", "invoke_agent").SetTag("gen_ai.conversation.id", session)
            .SetTag("gen_ai.usage.input_tokens", 300).SetTag("gen_ai.usage.output_tokens", 30);
        Call(source, 100, 10, Messages(("user", Question)), Messages(("assistant", "I look it up.")));
        using (Activity tool = source.StartActivity("execute_tool lookup_order")!)
        {
            tool.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", "lookup_order")
                .SetTag("gen_ai.tool.call.arguments", "{\"id\":4711}")
                .SetTag("gen_ai.tool.call.result", "{\"state\":\"on its way\"}");
            if (failing)
                tool.SetTag("error.type", "Timeout").SetStatus(ActivityStatusCode.Error, "No answer.");
        }

        Call(source, 200, 20, Messages(("user", Question)), Messages(("assistant", "It is on its way.")));
        return agent.TraceId.ToHexString();
    }

    private static void Call(ActivitySource source, int input, int output, string messages, string answer)
    {
        using Activity call = source.StartActivity("chat gpt-5.4")!;
        call.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.provider.name", "openai").SetTag("gen_ai.request.model", "gpt-5.4")
            .SetTag("gen_ai.usage.input_tokens", input).SetTag("gen_ai.usage.output_tokens", output)
            .SetTag("gen_ai.input.messages", messages)
            .SetTag("gen_ai.output.messages", answer);
    }

    private static string Messages(params (string Role, string Text)[] messages) =>
        $"[{string.Join(',', messages.Select(static message => $$"""{"role":"{{message.Role}}","parts":[{"type":"text","content":"{{message.Text}}"}]}"""))}]";
}
