using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using OpenAI;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

public sealed class ProtocolTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_of_events_that_was_buffered_is_the_callers_as_a_whole(bool sync)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context, Wire.ResponseEvents));
        using var capture = ProbeCapture.Start();
        ResponsesClient client = Caller.NewClient(server.Address).GetResponsesClient().WithPandaProbe();
        var content = BinaryContent.Create(BinaryData.FromString("""{"model":"gpt-4o-mini","input":"Hi","stream":true}"""));
        Activity? before = Activity.Current;

        ClientResult result = sync ? client.CreateResponse(content) : await client.CreateResponseAsync(content);

        Activity.Current.ShouldBeSameAs(before);
        result.GetRawResponse().Content.ToString().ShouldBe(string.Concat(Wire.ResponseEvents));
        using StreamReader reader = new(result.GetRawResponse().ContentStream!);
        (await reader.ReadToEndAsync()).ShouldBe(string.Concat(Wire.ResponseEvents));
        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop" });
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_answer_in_one_piece_that_was_not_buffered_is_read_as_it_passes(bool sync, bool buffersLater)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Response));
        using var capture = ProbeCapture.Start();
        ResponsesClient client = Caller.NewClient(server.Address).GetResponsesClient().WithPandaProbe();
        var content = BinaryContent.Create(BinaryData.FromString("""{"model":"gpt-4o-mini","input":"Hi"}"""));
        RequestOptions options = new() { BufferResponse = false };

        ClientResult result = sync ? client.CreateResponse(content, options) : await client.CreateResponseAsync(content, options);
        capture.Spans.ShouldHaveSingleItem().IsOpen.ShouldBeTrue();
        using (PipelineResponse response = result.GetRawResponse())
        {
            if (buffersLater)
            {
                (await response.BufferContentAsync()).ToString().ShouldBe(Wire.Response);
            }
            else
            {
                // As one who knows how long it is: without looking for the end.
                byte[] buffer = new byte[Wire.Response.Length];
                await response.ContentStream!.ReadExactlyAsync(buffer);
                System.Text.Encoding.UTF8.GetString(buffer).ShouldBe(Wire.Response);
            }
        }

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Attribute("gen_ai.request.stream").ShouldBeNull();
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }
}
