using System.Diagnostics;
using PandaProbe.Interception;

namespace PandaProbe;

/// <summary>Calls as the generator writes them.</summary>
public sealed class InterceptedCallTests
{
    [Theory]
    [InlineData(false, null, null, "site's session", "site's user")]
    [InlineData(true, null, null, "site's session", "site's user")]
    [InlineData(false, "session", "user", "session", "user")]
    [InlineData(true, "session", "user", "session", "user")]
    [InlineData(true, "session", null, "session", "site's user")]
    [InlineData(true, null, "user", "site's session", "user")]
    public void Session_and_user_of_a_call_win_over_those_of_its_method(
        bool later, string? session, string? user, string recordedSession, string recordedUser)
    {
        using SpanRecording recording = new();
        var site = ProbeSite.Trace("words", "site's session", "site's user");
        using (ProbeCall call = (later ? site.BeginLater(session, user) : site.Begin(session, user))!)
            call.Yields(["a", "b"]).ShouldBe(["a", "b"]);

        Activity trace = recording.Span("words");
        trace.Tag("session.id").ShouldBe(recordedSession);
        trace.Tag("user.id").ShouldBe(recordedUser);
    }

    [Fact]
    public void A_text_that_is_returned_is_the_output()
    {
        using SpanRecording recording = new();
        using (ProbeCall call = ProbeSite.Trace("say").Begin()!)
            call.Returns("text").ShouldBe("text");

        recording.Span("say").Tag("output.value").ShouldBe("text");
        recording.Span("say").Tag("output.mime_type").ShouldBe("text/plain");
    }

    [Theory]
    [InlineData(true, 0, "[]")]
    [InlineData(true, 1, "[0]")]
    [InlineData(true, 3, "[0,1,2]")]
    [InlineData(false, 0, "[]")]
    [InlineData(false, 3, "[0,1,2]")]
    public void Items_that_are_yielded_are_the_output_as_a_list_and_run_inside_the_call(bool later, int count, string output)
    {
        using SpanRecording recording = new();
        var site = ProbeSite.Trace("count");
        List<string?> current = [];
        Yielded().Count().ShouldBe(count);

        recording.Span("count").Text("output.value").ShouldBe(output);
        current.ShouldBe(Enumerable.Repeat("count", count));

        IEnumerable<int> Yielded()
        {
            using ProbeCall call = (later ? site.BeginLater() : site.Begin())!;
            return call.Yields(Source());
        }

        IEnumerable<int> Source()
        {
            for (int i = 0; i < count; i++)
            {
                current.Add(Activity.Current?.OperationName);
                yield return i;
            }
        }
    }

    [Fact]
    public async Task An_exception_of_asynchronous_disposal_reaches_the_caller_and_the_span()
    {
        using SpanRecording recording = new();
        var site = ProbeSite.Trace("words");

        await Should.ThrowAsync<FormatException>(async () =>
        {
            await foreach (string word in Words())
                break;
        });

        recording.Span("words").Status.ShouldBe(ActivityStatusCode.Error);
        recording.Span("words").Tag("error.type").ShouldBe("System.FormatException");

        IAsyncEnumerable<string> Words()
        {
            using ProbeCall call = site.BeginLater()!;
            return call.Yields(Source());
        }

        static async IAsyncEnumerable<string> Source()
        {
            try
            {
                yield return "a";
            }
            finally
            {
                await Task.Yield();
                throw new FormatException("in disposal");
            }
        }
    }
}
