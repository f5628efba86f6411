using System.Net;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Trace;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

/// <summary>Reads what this repository's library sends through OpenTelemetry's own exporter.</summary>
public sealed class OwnSpansTests
{
    [Fact]
    public void Every_field_of_the_library_is_read()
    {
        using var isolation = ProbeIsolation.Begin();
        using Received received = new();
        string traceId;
        using (TracerProvider provider = received.BuildProvider())
        {
            using (TraceScope trace = Probe.StartTrace(
                "support-turn", input: "Where is my order?", sessionId: "s-1", userId: "ada", tags: ["shop"],
                metadata: new() { ["pipeline"] = "docs-qa", ["attempt"] = 2 }))
            {
                traceId = trace.TraceId.ToString("N");
                using (SpanScope search = trace.StartSpan("search", ProbeSpanKind.Retriever))
                {
                    search.SetInput(new { query = "order" });
                    search.SetOutput(new { documents = new[] { new { content = "We ship fast.", score = 0.9 } } });
                }

                using (SpanScope chat = trace.StartSpan("chat", ProbeSpanKind.Llm, model: "gpt-5.4-mini"))
                {
                    chat.SetProvider("openai");
                    chat.SetModelParameters(new() { ["temperature"] = 0.2, ["effort"] = "low" });
                    chat.SetInput([ProbeMessage.System("Be brief."), ProbeMessage.User("Where is my order?")]);
                    chat.SetOutput([ProbeMessage.Assistant(
                ProbeMessagePart.Reasoning("Look it up."), ProbeMessagePart.ToolCall("call_1", "lookup", """{"id":1}"""))]);
                    chat.SetFinishReason("tool_calls");
                    chat.SetTokenUsage(1416, 24, new() { ["cache_read_tokens"] = 1280, ["reasoning_tokens"] = 8, ["web_searches"] = 2 });
                }

                try
                {
                    using SpanScope tool = trace.StartSpan("lookup", ProbeSpanKind.Tool);
                    tool.SetInput(new { id = 1 });
                    throw new TimeoutException("No answer.");
                }
                catch (TimeoutException)
                {
                }

                trace.SetOutput([ProbeMessage.Assistant("It arrives on Friday.")]);
            }
        }

        Dictionary<string, ReadSpan> spans = received.Read(traceId);

        ReadSpan root = spans["support-turn"];
        (root.Kind, root.SessionId, root.UserId, root.InputValue).ShouldBe((StepKind.Trace, "s-1", "ada", "Where is my order?"));
        root.Output.ShouldHaveSingleItem().Text.ShouldBe("It arrives on Friday.");
        root.Tags.ShouldBe(["shop"]);
        root.Metadata.ShouldBe([new ReadField("pipeline", "\"docs-qa\""), new ReadField("attempt", "2")], ignoreOrder: true);

        ReadSpan retriever = spans["search"];
        (retriever.Kind, retriever.Query).ShouldBe((StepKind.Retriever, "order"));
        retriever.Documents.ShouldBe([new ReadDocument(null, "We ship fast.", 0.9, null)]);

        ReadSpan llm = spans["chat"];
        (llm.Kind, llm.Model, llm.Provider, llm.SessionId, llm.TokenCountMethod)
            .ShouldBe((StepKind.Llm, "gpt-5.4-mini", "openai", "s-1", "reported"));
        llm.Input.Select(message => $"{message.Role}: {message.Text}").ShouldBe(["system: Be brief.", "user: Where is my order?"]);
        llm.Output.ShouldHaveSingleItem().Parts.ShouldBe(
            [new ReadPart(ReadPartKind.Reasoning, "Look it up."), new ReadPart(ReadPartKind.ToolCall, """{"id":1}""", "call_1", "lookup")]);
        llm.FinishReasons.ShouldBe(["tool_call"]);
        llm.Parameters.ShouldBe([new ReadField("temperature", "0.2"), new ReadField("effort", "\"low\"")], ignoreOrder: true);
        (llm.Usage.Input, llm.Usage.Output, llm.Usage.CacheRead, llm.Usage.Reasoning).ShouldBe((1416, 24, 1280, 8));
        llm.OtherUsage.ShouldBe([new ReadField("web_searches", "2")]);
        (llm.Cost, llm.CostSource).ShouldBe((0.020306m, CostSource.PriceBook));

        ReadSpan failed = spans["lookup"];
        (failed.Kind, failed.Name, failed.ToolArguments).ShouldBe((StepKind.Tool, "lookup", """{"id":1}"""));
        (failed.IsError, failed.ErrorType, failed.ErrorMessage).ShouldBe((true, "System.TimeoutException", "No answer."));

        spans.Values.SelectMany(span => span.Rest).ShouldBeEmpty();
        spans.Values.SelectMany(span => span.Readers).ShouldNotContain(reader => reader.Contains(':'));
    }

    private sealed class Received : HttpMessageHandler
    {
        private readonly List<byte[]> _bodies = [];

        public TracerProvider BuildProvider() => Sdk.CreateTracerProviderBuilder()
            .AddPandaProbe(options => options.Export = ProbeExport.None)
            .AddOtlpExporter(options =>
            {
                options.Protocol = OtlpExportProtocol.HttpProtobuf;
                options.Endpoint = new Uri("http://localhost/v1/traces");
                options.HttpClientFactory = () => new HttpClient(this, disposeHandler: false);
            })
            .Build();

        /// <summary>Reads one trace. A provider hears what other tests of the process do, too.</summary>
        public Dictionary<string, ReadSpan> Read(string traceId)
        {
            Dictionary<string, ReadSpan> spans = [];
            foreach (ResourceSpans resource in _bodies.SelectMany(body => ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans))
            {
                foreach (ScopeSpans scope in resource.ScopeSpans)
                {
                    foreach (Span span in scope.Spans.Where(span => Convert.ToHexStringLower(span.TraceId.Span) == traceId))
                        spans[span.Name] = SpanReader.Read(span, resource.Resource, scope.Scope, []);
                }
            }

            return spans;
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using MemoryStream body = new();
            request.Content!.CopyTo(body, null, cancellationToken);
            lock (_bodies)
                _bodies.Add(body.ToArray());
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
