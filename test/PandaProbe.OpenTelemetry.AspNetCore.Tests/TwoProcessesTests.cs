namespace PandaProbe.AspNetCore;

/// <summary>Session, user and tags on their way from one process to another, with a call of a model provider between.</summary>
public sealed class TwoProcessesTests(TwoProcesses processes) : IClassFixture<TwoProcesses>
{
    private const string Sent = "pandaprobe.session=s%201,pandaprobe.user=u1,pandaprobe.tags=a%2520b%20c";

    private string Allowed => $"http://localhost:{processes.Back.Port}";

    private string Foreign => $"http://127.0.0.1:{processes.Back.Port}";

    [Fact]
    public async Task The_allowed_process_takes_them_from_a_sender_that_it_trusts_and_the_provider_before_it_gets_none()
    {
        (string trace, Received model, Received back) = await AskAsync($"{Allowed}/echo?trusted");

        model.Trace.ShouldBe(trace, "the provider's call is part of the trace");
        model.Baggage.ShouldBeEmpty();
        back.ShouldBe(new(trace, Sent, $"{trace}|s 1|u1|a b;c"));
    }

    [Fact]
    public async Task A_process_that_does_not_trust_the_sender_takes_only_the_trace()
    {
        (string trace, _, Received back) = await AskAsync($"{Allowed}/echo");

        back.ShouldBe(new(trace, Sent, $"{trace}|||"));
    }

    [Fact]
    public async Task A_foreign_host_gets_none_neither_directly_nor_by_a_redirect_of_the_allowed_one()
    {
        string foreign = $"{Foreign}/echo?trusted";
        string redirect = $"{Allowed}/redirect?to={Uri.EscapeDataString(foreign)}";
        foreach (string target in (string[])[foreign, redirect])
        {
            (string trace, _, Received back) = await AskAsync(target);
            back.ShouldBe(new(trace, "", $"{trace}|||"), target);
        }
    }

    [Fact]
    public async Task A_redirect_to_an_allowed_host_keeps_them()
    {
        string redirect = $"{Foreign}/redirect?to={Uri.EscapeDataString($"{Allowed}/echo?trusted")}";
        (string trace, _, Received back) = await AskAsync(redirect);

        back.ShouldBe(new(trace, Sent, $"{trace}|s 1|u1|a b;c"));
    }

    private async Task<(string Trace, Received Model, Received Back)> AskAsync(string target)
    {
        using HttpClient client = new();
        Uri ask = new(processes.Front, $"/ask?provider={processes.Back.Port}&to={Uri.EscapeDataString(target)}");
        string[] lines = (await client.GetStringAsync(ask)).Split('\n');
        return (lines[0], Received.Parse(lines[1]), Received.Parse(lines[2]));
    }

    /// <param name="Trace">The trace of the header <c>traceparent</c>.</param>
    /// <param name="Baggage">The header <c>baggage</c>.</param>
    /// <param name="Span">Trace, session, user and tags of a span below the request.</param>
    private sealed record Received(string Trace, string Baggage, string Span)
    {
        public static Received Parse(string line)
        {
            string[] parts = line.Split('|', 3);
            return new(parts[0].Split('-')[1], parts[1], parts.Length > 2 ? parts[2] : "");
        }
    }
}
