using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Transport;
using PandaProbe.Export.Writing;

namespace PandaProbe.Tests.Export;

public sealed class TransportTests
{
    [Theory]
    [InlineData(199, "Rejected refused", "Rejected refused", "Rejected refused")]
    [InlineData(200, "Accepted", "Accepted", "Accepted")]
    [InlineData(299, "Accepted", "Accepted", "Accepted")]
    [InlineData(300, "Misconfigured redirected", "Misconfigured redirected", "Misconfigured redirected")]
    [InlineData(399, "Misconfigured redirected", "Misconfigured redirected", "Misconfigured redirected")]
    [InlineData(400, "Rejected invalid", "Rejected invalid", "Rejected invalid")]
    [InlineData(401, "Misconfigured unauthorized", "Misconfigured unauthorized", "Misconfigured unauthorized")]
    [InlineData(402, "Rejected refused", "Rejected refused", "Rejected refused")]
    [InlineData(403, "Misconfigured forbidden", "Misconfigured forbidden", "Misconfigured forbidden")]
    [InlineData(404, "Misconfigured not_found", "Missing not_found", "Missing not_found")]
    [InlineData(408, "Unavailable", "Unavailable", "Unavailable")]
    [InlineData(413, "TooLarge too_large", "TooLarge too_large", "TooLarge too_large")]
    [InlineData(422, "Rejected invalid", "Rejected invalid", "Rejected invalid")]
    [InlineData(425, "Unavailable", "Unavailable", "Unavailable")]
    [InlineData(429, "Limited", "Limited", "Limited")]
    [InlineData(500, "Failed server_error", "Failed server_error", "Missing not_found")]
    [InlineData(501, "Rejected refused", "Rejected refused", "Rejected refused")]
    [InlineData(502, "Unavailable", "Unavailable", "Unavailable")]
    [InlineData(504, "Unavailable", "Unavailable", "Unavailable")]
    [InlineData(505, "Failed server_error", "Failed server_error", "Failed server_error")]
    public void A_status_means_for_a_trace_for_spans_and_for_a_score(int status, string trace, string spans, string score)
    {
        Of(RequestKind.Trace).ShouldBe(trace);
        Of(RequestKind.Spans).ShouldBe(spans);
        Of(RequestKind.Score).ShouldBe(score);

        string Of(RequestKind kind)
        {
            using HttpResponseMessage response = new((HttpStatusCode)status);
            Answer answer = new AnswerReader(new(), TimeProvider.System).Read(response, null, kind);
            answer.Status.ShouldBe(status);
            return $"{answer.Kind} {answer.Reason}".Trim();
        }
    }

    [Theory]
    [InlineData(null, "Limited")]
    [InlineData("Too many requests", "Limited")]
    [InlineData("The limit is 100 a minute", "Limited")]
    [InlineData("Your plan is great", "Limited")]
    [InlineData("The LIMIT of your Plan", "UsedUp")]
    public void A_plan_that_is_used_up_is_told_from_too_many_requests(string? reason, string kind)
    {
        using HttpResponseMessage response = new(HttpStatusCode.TooManyRequests);
        new AnswerReader(new(), TimeProvider.System).Read(response, reason, RequestKind.Trace).Kind.ToString().ShouldBe(kind);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(505)]
    [InlineData(408)]
    public void The_server_says_when_to_come_back_in_seconds_or_by_the_clock(int status)
    {
        FakeTime time = new();
        Of(null).ShouldBeNull();
        Of(new(TimeSpan.FromSeconds(7))).ShouldBe(TimeSpan.FromSeconds(7));
        Of(new(time.GetUtcNow().AddSeconds(7))).ShouldBe(TimeSpan.FromSeconds(7));
        Of(new(time.GetUtcNow().AddSeconds(-7))).ShouldBe(TimeSpan.Zero);

        TimeSpan? Of(RetryConditionHeaderValue? header)
        {
            using HttpResponseMessage response = new((HttpStatusCode)status);
            response.Headers.RetryAfter = header;
            return new AnswerReader(new(), time).Read(response, null, RequestKind.Trace).RetryAfter;
        }
    }

    [Theory]
    [InlineData(400, null, "PandaProbe finds the request invalid (400).")]
    [InlineData(422, "a name is missing", "PandaProbe finds the request invalid (422): \"a name is missing\"")]
    [InlineData(422, "x-project-name has no letters",
        "PandaProbe has no project 'shop' (422): \"x-project-name has no letters\" Check PANDAPROBE_PROJECT_NAME.")]
    [InlineData(418, null, "PandaProbe refuses the request (418).")]
    [InlineData(418, "no coffee", "PandaProbe refuses the request (418): \"no coffee\"")]
    [InlineData(429, "The limit of your plan", "PandaProbe takes no more, because the plan is used up (429): \"The limit of your plan\"")]
    [InlineData(404, null,
        "There is no PandaProbe project 'shop' at https://example.com/api (404): check PANDAPROBE_PROJECT_NAME and PANDAPROBE_ENDPOINT.")]
    public void What_is_said_of_an_answer_quotes_the_server(int status, string? reason, string said)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status);
        AnswerReader reader = new(
            new() { ProjectName = "shop", Endpoint = new("https://user:pass@example.com/api?key=1") }, TimeProvider.System);
        reader.Read(response, reason, RequestKind.Trace).Detail.ShouldBe(said);
    }

    [Fact]
    public void A_web_page_is_no_success()
    {
        using HttpResponseMessage response = new(HttpStatusCode.OK) { Content = new StringContent("<html>", Encoding.UTF8, "text/html") };
        Answer answer = new AnswerReader(new(), TimeProvider.System).Read(response, null, RequestKind.Trace);
        answer.Kind.ShouldBe(AnswerKind.Unavailable);
        answer.Detail.ShouldNotBeNull().ShouldContain("PANDAPROBE_ENDPOINT");
    }

    [Theory]
    [InlineData("https://other.example/path?key=1", "a redirect to 'https://other.example',")]
    [InlineData("/login", "a redirect to '/login',")]
    [InlineData(null, "a redirect to '?',")]
    public void A_redirect_is_told_by_its_host(string? location, string told)
    {
        using HttpResponseMessage response = new(HttpStatusCode.Redirect);
        response.Headers.Location = location is null ? null : new(location, UriKind.RelativeOrAbsolute);
        Answer answer = new AnswerReader(new(), TimeProvider.System).Read(response, null, RequestKind.Trace);
        answer.Detail.ShouldNotBeNull().ShouldContain(told);
    }

    [Fact]
    public void A_list_of_spans_whose_trace_is_unknown_becomes_a_trace_that_runs()
    {
        var id = Guid.NewGuid();
        DateTime start = new(2026, 11, 22, 1, 2, 3, DateTimeKind.Utc);
        using RequestBody body = new();
        body.Write("""[{"name":"call"}]"""u8);
        LargeBody.AddHead(body, new(id, Guid.NewGuid(), false, 1, false, false, false, false, "answer", start));

        Encoding.UTF8.GetString(body.ToArray()).ShouldBe(
            $$"""{"trace_id":"{{id}}","name":"answer","status":"RUNNING","started_at":"2026-11-22T01:02:03Z","spans":[{"name":"call"}]}""");
    }

    [Theory]
    [InlineData("""{"detail":"why"}""", "why")]
    [InlineData("""{"detail":[{"msg":"first"},{"msg":"second"}]}""", "first")]
    [InlineData("""{"detail":["first","second"]}""", "first")]
    [InlineData("""{"detail":{"msg":"why","input":"content"}}""", "why")]
    [InlineData("""{"detail":"the key pp-key is unknown"}""", "the key … is unknown")]
    [InlineData("""{"detail":""}""", null)]
    [InlineData("""{"detail":[]}""", null)]
    [InlineData("""{"detail":{"input":"content"}}""", null)]
    [InlineData("""{"detail":5}""", null)]
    [InlineData("""{"message":"why"}""", null)]
    [InlineData("""["why"]""", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public async Task The_reason_of_a_refusal_is_the_message_alone(string body, string? reason) => (await ReasonOf(body)).ShouldBe(reason);

    [Theory]
    [InlineData(299)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(5000)]
    public async Task The_reason_of_a_refusal_has_at_most_300_characters(int length) =>
        (await ReasonOf($$"""{"detail":"{{new string('x', length)}}"}""")).ShouldBe(new string('x', Math.Min(length, 300)));

    [Fact]
    public async Task An_accepted_request_has_no_reason() => (await ReasonOf("""{"detail":"why"}""", HttpStatusCode.Accepted)).ShouldBeNull();

    [Fact]
    public void A_minute_has_as_many_places_as_the_limit_says_counted_from_the_answers()
    {
        FakeTime time = new();
        SlidingWindow window = new(2, time);
        window.TryTake().ShouldBe(TimeSpan.Zero);
        window.TryTake().ShouldBe(TimeSpan.Zero);
        window.TryTake().ShouldBe(TimeSpan.FromMilliseconds(50), "nothing is answered yet");
        window.GiveBack();
        window.TryTake().ShouldBe(TimeSpan.Zero);

        window.Answered(refused: false, null, TimeSpan.Zero);
        window.Answered(refused: false, null, TimeSpan.Zero);
        time.Advance(TimeSpan.FromSeconds(60));
        window.TryTake().ShouldBe(TimeSpan.FromSeconds(0.5));
        time.Advance(TimeSpan.FromSeconds(0.5));
        window.TryTake().ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_refusal_pauses_for_as_long_as_the_server_says_and_halves_the_allowance_for_a_while()
    {
        FakeTime time = new();
        SlidingWindow window = new(4, time);
        Places().ShouldBe(4);
        window.Answered(refused: true, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1));
        for (int i = 0; i < 3; i++)
            window.Answered(refused: false, null, TimeSpan.FromSeconds(1));
        window.TryTake().ShouldBe(TimeSpan.FromSeconds(7));
        window.Refusals.ShouldBe(0);

        time.Advance(TimeSpan.FromSeconds(60.4));
        window.TryTake().ShouldBe(TimeSpan.FromSeconds(0.1));
        time.Advance(TimeSpan.FromSeconds(0.1));
        Places().ShouldBe(3, "half, and one more after a minute");

        int Places()
        {
            int places = 0;
            while (window.TryTake() == TimeSpan.Zero)
                places++;
            return places;
        }
    }

    [Fact]
    public void Refusals_without_end_leave_one_place()
    {
        FakeTime time = new();
        SlidingWindow window = new(4, time);
        for (int i = 0; i < 4; i++)
            window.TryTake().ShouldBe(TimeSpan.Zero);
        for (int i = 0; i < 4; i++)
            window.Answered(refused: true, TimeSpan.FromSeconds(1), TimeSpan.Zero);

        time.Advance(TimeSpan.FromSeconds(60.5));
        window.TryTake().ShouldBe(TimeSpan.Zero, "one");
        window.TryTake().ShouldBe(TimeSpan.Zero, "and one more after a minute");
        window.TryTake().ShouldNotBe(TimeSpan.Zero);
    }

    [Fact]
    public void Without_a_limit_only_a_refusal_pauses()
    {
        FakeTime time = new();
        SlidingWindow window = new(null, time);
        for (int i = 0; i < 1000; i++)
            window.TryTake().ShouldBe(TimeSpan.Zero);
        window.Answered(refused: true, null, TimeSpan.FromSeconds(3));
        window.Refusals.ShouldBe(1);
        window.TryTake().ShouldBe(TimeSpan.FromSeconds(3));
        time.Advance(TimeSpan.FromSeconds(3));
        window.TryTake().ShouldBe(TimeSpan.Zero);
        window.Answered(refused: false, null, TimeSpan.Zero);
        window.Refusals.ShouldBe(0);
    }

    [Theory]
    [InlineData(1023, false)]
    [InlineData(1024, false)]
    [InlineData(1025, true)]
    [InlineData(5000, true)]
    public void Numbers_of_more_digits_than_can_be_stored_become_text(int digits, bool isText)
    {
        string number = new('7', digits);
        byte[] json = Encoding.UTF8.GetBytes($$"""{"a":{{number}},"b":"{{new string('x', 2000)}}"}""");
        ArrayBufferWriter<byte> output = new();
        StorableJson.CopyWithoutLongNumbers(json, output);

        Encoding.UTF8.GetString(output.WrittenSpan).Contains($"\"a\":\"{number}\"").ShouldBe(isText);
        StorableJson.MayHaveLongNumber(json).ShouldBe(isText);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void A_file_is_too_old_when_it_is_older_than_the_limit(int ticks, bool isTooOld)
    {
        FakeTime time = new();
        string directory = Path.Combine(Path.GetTempPath(), "pandaprobe-age-" + Guid.NewGuid().ToString("N"));
        try
        {
            Spool spool = Spool.TryOpen(new() { SpoolDirectory = directory, SpoolMaxAge = TimeSpan.FromHours(1) }, time).ShouldNotBeNull();
            long stamp = time.GetUtcNow().UtcTicks - TimeSpan.FromHours(1).Ticks - ticks;
            spool.IsTooOld(new(Path.Combine(directory, $"{stamp:D19}-00000001-abcdefgh.ppspool"))).ShouldBe(isTooOld);
            spool.IsTooOld(new(Path.Combine(directory, "other.ppspool"))).ShouldBeFalse();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string?> ReasonOf(string body, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using HttpResponseMessage response = new(status) { Content = new StringContent(body) };
        return await ServerReason.ReadAsync(response, "pp-key", CancellationToken.None);
    }
}
