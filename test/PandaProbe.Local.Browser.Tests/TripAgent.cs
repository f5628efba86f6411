namespace PandaProbe.Local.Browser.Tests;

/// <summary>
/// A travel agent on a scripted model, recorded with the SDK: a conversation of four turns with a picture, thoughts, documents, tools that
/// fail, are tried again or are refused, and a second agent below the first. The fifth turn still runs when it returns.
/// </summary>
internal sealed class TripAgent
{
    private const string Model = "claude-sonnet-4-5";
    private const string Flights = """{"from":"BER","to":"FAO","out":"2026-05-14","back":"2026-05-17","max_price":220}""";
    private const string Hotels = """{"place":"Lagos, Portugal","check_in":"2026-05-14","nights":3,"max_price":120}""";

    private readonly List<ProbeMessage> _messages =
    [
        ProbeMessage.System(
            "You are the travel agent of a small agency. Search before you recommend, name prices in euros, and book nothing before the customer has confirmed the price."),
    ];

    private readonly string _session;
    private readonly byte[] _picture;

    public TripAgent(string session, byte[] picture)
    {
        _session = session;
        _picture = picture;
    }

    /// <summary>The customer's picture.</summary>
    public static byte[] Beach() =>
        File.ReadAllBytes(Path.Combine(Viewer.Metadata("RepositoryRoot"), "test", "PandaProbe.Local.Browser.Tests", "beach.png"));

    /// <summary>Has the conversation, and returns the turn that still runs.</summary>
    public async Task<IDisposable> TalkAsync()
    {
        await AskAsync("Find three days in May at a beach like the one in my picture, from Berlin, for less than 600 euros.", _picture,
            FindAsync);
        await AskAsync("The second hotel sounds good. Book it, and the flights.", null, BookAsync);
        await AskAsync("Do I need a visa with a Turkish passport?", null, CheckVisaAsync);
        await AskAsync("Then give me the plan for my calendar, please.", null, PlanAsync);
        return await ChangeAsync("Could I stay one day longer?");
    }

    private async Task AskAsync(string question, byte[]? picture, Func<Task<string>> answer)
    {
        using TraceScope trace = StartTurn(question);
        using SpanScope agent = Probe.StartSpan("travel-agent", ProbeSpanKind.Agent);
        agent.SetInput(question);
        _messages.Add(picture is null
            ? ProbeMessage.User(question)
            : ProbeMessage.User(ProbeMessagePart.Text(question), ProbeMessagePart.Image(picture, "image/png")));
        string text = await answer();
        agent.SetOutput(text);
        trace.SetOutput([ProbeMessage.Assistant(text)]);
    }

    private TraceScope StartTurn(string question) => Probe.StartTrace(
        "trip-turn", input: question, sessionId: _session, userId: "mina", tags: ["agency", "spring"]);

    private async Task<string> FindAsync()
    {
        await RetrieveAsync("quiet sandy beaches with cliffs, reachable from Berlin");
        await CallModelAsync(3_180, 2_048, 164,
            ProbeMessagePart.Reasoning(
                "The picture shows a wide sandy beach below a green headland, at sunset. The Algarve fits, and Faro has direct flights from Berlin. Three nights for less than 600 euros leave about 220 for flights and 120 a night."),
            ProbeMessagePart.ToolCall("call_1", "search_flights", Flights), ProbeMessagePart.ToolCall("call_2", "search_hotels", Hotels));
        await FailAsync("search_flights", "call_1", Flights, new TimeoutException("The flight search did not answer within 250 ms."), 250);
        const string FlightsFound =
            """{"offers":[{"id":"F-311","airline":"TAP","out":"2026-05-14T06:40","back":"2026-05-17T20:15","price":189.4},{"id":"F-318","airline":"easyJet","out":"2026-05-14T11:05","back":"2026-05-17T15:30","price":204.0}],"currency":"EUR"}""";
        const string HotelsFound =
            """{"hotels":[{"id":"H-7","name":"Casa da Falésia","night":98,"rating":4.4},{"id":"H-12","name":"Pensão Dona Ana","night":112,"rating":4.8},{"id":"H-19","name":"Marina Rio","night":119,"rating":4.1}],"currency":"EUR"}""";
        await Task.WhenAll(
            UseAsync("search_flights", "call_1", Flights, FlightsFound, 310),
            UseAsync("search_hotels", "call_2", Hotels, HotelsFound, 190));
        _messages.Add(ProbeMessage.Tool("call_1", FlightsFound));
        _messages.Add(ProbeMessage.Tool("call_2", HotelsFound));
        return await CallModelAsync(3_912, 3_072, 236, ProbeMessagePart.Text("""
            **Lagos on the Algarve** looks like your picture: sand below cliffs, and quiet in May. Direct flights from Berlin to Faro cost **189 €** (TAP, 14–17 May).

            | Hotel | a night | three nights | with flights |
            |---|---|---|---|
            | Casa da Falésia (4.4) | 98 € | 294 € | 483 € |
            | Pensão Dona Ana (4.8) | 112 € | 336 € | **525 €** |
            | Marina Rio (4.1) | 119 € | 357 € | 546 € |

            All three stay below 600 €. I would take *Pensão Dona Ana*: it is two minutes from the beach.
            """));
    }

    private async Task<string> BookAsync()
    {
        const string Hotel = """{"hotel":"H-12","check_in":"2026-05-14","nights":3,"guests":1}""";
        const string Flight = """{"offer":"F-311","passengers":["Mina Yılmaz"]}""";
        await CallModelAsync(4_388, 3_840, 96,
            ProbeMessagePart.Text("I book both for 525 € in total."),
            ProbeMessagePart.ToolCall("call_3", "book_hotel", Hotel), ProbeMessagePart.ToolCall("call_4", "book_flight", Flight));
        await UseAsync("book_hotel", "call_3", Hotel, """{"booking":"LX-20814","status":"confirmed"}""", 220);
        await FailAsync(
            "book_flight", "call_4", Flight, new InvalidOperationException("Offer F-311 has expired: the new price is 212.40 EUR."), 140);
        _messages.Add(ProbeMessage.Tool("call_3", """{"booking":"LX-20814","status":"confirmed"}"""));
        _messages.Add(ProbeMessage.Tool("call_4", """{"error":"offer expired","price":212.4}"""));
        return await CallModelAsync(4_610, 4_352, 71, ProbeMessagePart.Text(
            "The hotel is booked: **LX-20814**, three nights at Pensão Dona Ana.\n\nThe flight is *not* booked. Its price went up to **212 €** while we talked, 548 € in total. Shall I book it at that price?"));
    }

    private async Task<string> CheckVisaAsync()
    {
        using (SpanScope second = Probe.StartSpan("visa-agent", ProbeSpanKind.Agent))
        {
            second.SetInput("Turkish citizen, resident of Germany, three days in Portugal");
            await RetrieveAsync("Schengen entry, Turkish citizens with a German residence permit");
            second.SetOutput("No visa is needed with a valid German residence permit.");
        }

        return await CallModelAsync(4_902, 4_608, 58, ProbeMessagePart.Reasoning("It depends on the residence permit, so I say both."),
            ProbeMessagePart.Text(
            "Not if you have a German residence permit: it is valid for 90 days in all Schengen states. Without one you need a **Schengen visa** of Portugal."));
    }

    private Task<string> PlanAsync() => CallModelAsync(5_118, 4_864, 141, ProbeMessagePart.Text("""
        Save this as `lagos.ics`:

        ```
        BEGIN:VEVENT
        SUMMARY:Berlin – Faro, TAP
        DTSTART:20260514T064000
        END:VEVENT
        BEGIN:VEVENT
        SUMMARY:Pensão Dona Ana, Lagos (LX-20814)
        DTSTART;VALUE=DATE:20260514
        DTEND;VALUE=DATE:20260517
        END:VEVENT
        ```
        """));

    private async Task<IDisposable> ChangeAsync(string question)
    {
        TraceScope trace = StartTurn(question);
        SpanScope agent = Probe.StartSpan("travel-agent", ProbeSpanKind.Agent);
        agent.SetInput(question);
        _messages.Add(ProbeMessage.User(question));
        const string Change = """{"booking":"LX-20814","nights":4}""";
        await CallModelAsync(5_302, 5_120, 33, ProbeMessagePart.ToolCall("call_5", "change_booking", Change));
        SpanScope tool = StartTool("change_booking", "call_5", Change);
        return new Running(trace, agent, tool);
    }

    private static async Task RetrieveAsync(string query)
    {
        using SpanScope span = Probe.StartSpan("search-guides", ProbeSpanKind.Retriever);
        span.SetInput(new { query, top_k = 3 });
        await Task.Delay(90);
        span.SetDocuments(
        [
            new ProbeDocument(
                "Lagos: golden cliffs, small coves and the long Meia Praia. Quiet before June; 80 minutes from Faro by train.",
                "algarve-04", 0.912),
            new ProbeDocument("Nazaré: a wide beach below a headland. Waves are high in winter and spring.", "centro-11", 0.847),
            new ProbeDocument("Sylt: dunes and red cliffs. Reached from Berlin by train in five hours.", "north-02", 0.731),
        ]);
    }

    private async Task<string> CallModelAsync(int input, int cached, int output, params ProbeMessagePart[] said)
    {
        using SpanScope call = Probe.StartLlmSpan(Model, "anthropic", "chat");
        call.SetModelParameters(new() { ["temperature"] = 0.3, ["max_tokens"] = 2048 });
        call.SetInput(_messages);
        await Task.Delay(160);
        call.SetCompletionStartTime(DateTimeOffset.UtcNow);
        await Task.Delay(output * 2);
        var answer = ProbeMessage.Assistant(said);
        call.SetOutput([answer]);
        call.SetTokenUsage(input, output, new() { ["cache_read_tokens"] = cached });
        _messages.Add(answer);
        return said[^1].Content ?? "";
    }

    private static SpanScope StartTool(string name, string callId, string arguments)
    {
        SpanScope tool = Probe.StartSpan(name, ProbeSpanKind.Tool);
        tool.Activity?.SetTag("gen_ai.tool.call.id", callId);
        tool.SetInput(arguments);
        return tool;
    }

    private static async Task UseAsync(string name, string callId, string arguments, string result, int milliseconds)
    {
        using SpanScope tool = StartTool(name, callId, arguments);
        await Task.Delay(milliseconds);
        tool.SetOutput(result);
    }

    private static async Task FailAsync(string name, string callId, string arguments, Exception exception, int milliseconds)
    {
        using SpanScope tool = StartTool(name, callId, arguments);
        await Task.Delay(milliseconds);
        tool.RecordException(exception);
    }

    private sealed class Running(params IDisposable[] scopes) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable scope in scopes.Reverse())
                scope.Dispose();
        }
    }
}
