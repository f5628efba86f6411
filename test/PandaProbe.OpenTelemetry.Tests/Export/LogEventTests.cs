using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using PandaProbe.Hosting;
using PandaProbe.Otlp;

namespace PandaProbe.Tests.Export;

/// <summary>Scores and messages as log-based events, and as span events where the application has no log pipeline.</summary>
[Collection(ProcessWide.Name)]
public sealed class LogEventTests
{
    private const string Evaluation = "gen_ai.evaluation.result";
    private const string Details = "gen_ai.client.inference.operation.details";

    [Fact]
    public async Task Scores_go_to_the_log_pipeline_with_their_trace_as_parent_and_to_no_other_logger()
    {
        LogEvents events = new();
        Spans spans = new();
        OtherLog other = new();
        using IHost host = NewHost(spans, events, other);
        await host.StartAsync();
        TraceScope trace;
        using (trace = Probe.StartTrace("judged"))
        {
            using (trace.StartSpan("step"))
                trace.Score("open", 0.5, "because");
        }

        trace.Score("ended", true);
        Probe.Score(trace.TraceId, "by id", "PASS");
        await host.StopAsync();

        events.Written.Select(written => written.Attributes["gen_ai.evaluation.name"]).ShouldBe(["open", "ended", "by id"]);
        events.Written.ShouldAllBe(written =>
            written.Name == Evaluation && written.TraceId == trace.Activity!.TraceId && written.SpanId == trace.Activity.SpanId);
        events.Written.First().Attributes["gen_ai.evaluation.score.value"].ShouldBe(0.5);
        events.Written.First().Attributes["gen_ai.evaluation.explanation"].ShouldBe("because");
        events.Written.Last().Attributes["gen_ai.evaluation.score.label"].ShouldBe("PASS");
        spans.Ended.Select(span => span.DisplayName).ShouldBe(["step", "judged"]);
        spans.Ended.SelectMany(span => span.Events).ShouldBeEmpty();
        other.Messages.ShouldNotContain(message => message.Contains(Evaluation));
    }

    [Fact]
    public async Task Without_a_log_pipeline_a_later_score_starts_below_its_trace()
    {
        Spans spans = new();
        using IHost host = NewHost(spans, events: null, new OtherLog());
        await host.StartAsync();
        Guid root;
        Guid inner;
        using (Activity outer = new Activity("request").Start())
        {
            using TraceScope trace = Probe.StartTrace("inner");
            inner = trace.TraceId;
        }

        using (TraceScope trace = Probe.StartTrace("root"))
            root = trace.TraceId;
        Probe.Score(root, "later", 0.5);
        Probe.Score(inner, "later", 0.5);
        var forgotten = Guid.NewGuid();
        Probe.Score(forgotten, "later", 0.5);
        await host.StopAsync();

        Activity[] evaluations = [.. spans.Ended.Where(span => span.DisplayName == "evaluate later")];
        evaluations.Length.ShouldBe(3);
        evaluations.ShouldAllBe(span => span.Events.Single().Name == Evaluation);
        Activity judged = spans.Ended.Single(span => span.DisplayName == "root");
        evaluations[0].TraceId.ShouldBe(judged.TraceId);
        evaluations[0].ParentSpanId.ShouldBe(judged.SpanId);
        judged = spans.Ended.Single(span => span.DisplayName == "inner");
        evaluations[1].TraceId.ShouldBe(judged.TraceId);
        evaluations[1].ParentSpanId.ShouldBe(judged.SpanId);
        evaluations[2].TraceId.ToHexString().ShouldBe(forgotten.ToString("N"));
    }

    [Theory]
    [InlineData("SPAN_ONLY", true, true, false)]
    [InlineData("EVENT_ONLY", true, false, true)]
    [InlineData("SPAN_AND_EVENT", true, true, true)]
    [InlineData("NO_CONTENT", true, false, false)]
    [InlineData("SPAN_ONLY", false, true, false)]
    [InlineData("EVENT_ONLY", false, false, true)]
    [InlineData("SPAN_AND_EVENT", false, true, true)]
    [InlineData("NO_CONTENT", false, false, false)]
    public async Task OpenTelemetrys_variable_says_where_messages_are(string value, bool hasLogs, bool onSpan, bool inEvent)
    {
        using EnvironmentVariables environment = new("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", value);
        LogEvents events = new();
        Spans spans = new();
        OtherLog other = new();
        using IHost host = NewHost(spans, hasLogs ? events : null, other);
        await host.StartAsync();
        using (TraceScope trace = Probe.StartTrace("trace", input: "the question"))
        {
            using SpanScope call = trace.StartSpan("call", ProbeSpanKind.Llm, model: "gpt-5.4");
            call.SetInput([ProbeMessage.User("the question")]);
            call.SetOutput([ProbeMessage.Assistant("the answer")]);
            call.SetTokenUsage(promptTokens: 3, completionTokens: 2);
        }

        using (SpanScope tool = Probe.StartSpan("tool", ProbeSpanKind.Tool))
            tool.SetInput("the question");
        await host.StopAsync();

        spans.Ended.ShouldAllBe(span => span.TagObjects.Any(tag => tag.Value!.ToString()!.Contains("the question")) == onSpan);
        Activity ended = spans.Ended.Single(span => span.DisplayName.Contains("call"));
        ended.GetTagItem("gen_ai.request.model").ShouldBe("gpt-5.4");
        other.Messages.ShouldNotContain(message => message.Contains("the question") || message.Contains(Details));
        events.Written.Count.ShouldBe(inEvent && hasLogs ? 1 : 0);
        ended.Events.Count().ShouldBe(inEvent && !hasLogs ? 1 : 0);
        if (!inEvent)
            return;

        Dictionary<string, object?> attributes = hasLogs
            ? events.Written.Single().Attributes : ended.Events.Single().Tags.ToDictionary(tag => tag.Key, tag => tag.Value);
        attributes["gen_ai.input.messages"]!.ToString().ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"the question"}]}]""");
        attributes["gen_ai.output.messages"]!.ToString()!.ShouldContain("the answer");
        if (hasLogs)
        {
            events.Written.Single().Name.ShouldBe(Details);
            events.Written.Single().SpanId.ShouldBe(ended.SpanId);
            attributes["gen_ai.usage.input_tokens"].ShouldBe(ended.GetTagItem("gen_ai.usage.input_tokens"));
        }
        else
        {
            ended.Events.Single().Name.ShouldBe(Details);
        }
    }

    [Fact]
    public async Task Over_otlp_the_event_has_its_name_and_its_messages()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.GrpcEndpoint.ToString();
        builder.Services.AddPandaProbe(options => options.MessageContent = ProbeMessageContent.Events);
        new HandMadeBuilder(builder.Services).WithLogging().UseOtlpExporter();
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            using (SpanScope call = Probe.StartLlmSpan("gpt-5.4", "openai"))
                call.SetInput([ProbeMessage.User("the question")]);
            await host.StopAsync();
        }

        receiver.Spans.ShouldAllBe(span => span.Tag("gen_ai.input.messages") == null);
        receiver.Logs.Select(Encoding.UTF8.GetString)
            .ShouldContain(body => body.Contains(Details) && body.Contains("the question") && body.Contains("gen_ai.input.messages"));
    }

    private static IHost NewHost(Spans spans, LogEvents? events, OtherLog other)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.AddProvider(other).SetMinimumLevel(LogLevel.Trace);
        if (events is not null)
            builder.Logging.AddOpenTelemetry(logging => logging.AddProcessor(events));
        builder.Services.AddPandaProbe(options => options.Export = ProbeExport.None);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans));
        return builder.Build();
    }

    private sealed class Spans : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }

    private sealed class OtherLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                Messages.Enqueue($"{eventId.Name} {formatter(state, exception)} {state}");

        public void Dispose()
        {
        }
    }
}
