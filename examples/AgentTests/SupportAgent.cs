using Microsoft.Extensions.AI;
using PandaProbe;

namespace AgentTests;

/// <summary>The agent under test: it asks a model, calls the tools that the model asks for, and returns the model's answer.</summary>
internal sealed class SupportAgent
{
    private const int MaxTurns = 6;

    private readonly IChatClient _model;
    private readonly AIFunction[] _tools =
    [
        AIFunctionFactory.Create(LookUpOrder, "lookup_order", "Finds an order.").WithPandaProbe(),
        AIFunctionFactory.Create(Refund, "refund", "Pays an order back.").WithPandaProbe(),
    ];

    public SupportAgent(IChatClient model) => _model = model.WithPandaProbe();

    public async Task<string> AnswerAsync(string question, CancellationToken cancellationToken = default)
    {
        using TraceScope trace = Probe.StartTrace("support-turn", input: question);
        ChatOptions options = new() { Tools = [.. _tools] };
        List<ChatMessage> messages =
        [
            new(ChatRole.System, "You are the support agent of a small web shop. Look an order up before you pay it back. Be brief."),
            new(ChatRole.User, question),
        ];

        for (int turn = 0; turn < MaxTurns; turn++)
        {
            ChatResponse response = await _model.GetResponseAsync(messages, options, cancellationToken);
            messages.AddRange(response.Messages);
            FunctionCallContent[] calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
            if (calls.Length == 0)
            {
                trace.SetOutput(response.Text);
                return response.Text;
            }

            foreach (FunctionCallContent call in calls)
            {
                AIFunction tool = _tools.Single(tool => tool.Name == call.Name);
                object? result = await tool.InvokeAsync(new(call.Arguments), cancellationToken);
                messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
            }
        }

        throw new InvalidOperationException($"The model asked for tools {MaxTurns} times and gave no answer.");
    }

    private static string LookUpOrder(string order_id) => order_id == "A-1042" ? "shipped, 12.50 EUR" : "no such order";

    private static string Refund(string order_id, decimal amount) => $"paid {amount} EUR back for {order_id}";
}
