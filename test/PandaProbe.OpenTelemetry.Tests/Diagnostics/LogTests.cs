using Microsoft.Extensions.Logging;
using PandaProbe.Tests.Export;

namespace PandaProbe.Diagnostics;

public sealed class LogTests
{
    [Fact]
    public void One_line_of_a_kind_a_minute_says_how_many_there_were()
    {
        FakeTime time = new();
        LogLimiter limiter = new(time);
        limiter.Line(6, "input", "the redactor failed").ShouldBe("the redactor failed");
        for (int i = 0; i < 10_000; i++)
            limiter.Line(6, "input", "the redactor failed").ShouldBeNull();
        limiter.Line(6, "output", "another kind").ShouldBe("another kind");

        time.Advance(TimeSpan.FromMinutes(1));
        limiter.Line(6, "input", "the redactor failed").ShouldBe("the redactor failed (10000 more like this since the line before.)");
    }

    [Fact]
    public void Kinds_without_end_become_one()
    {
        LogLimiter limiter = new(new FakeTime());
        Enumerable.Range(0, 100_000).Count(i => limiter.Line(2, $"field-{i}", "left out") is not null)
            .ShouldBe(101, "a hundred kinds, and the others together");
    }

    [Fact]
    public void The_log_names_the_types_of_what_fails_and_never_quotes_what_was_to_be_redacted()
    {
        using Events events = new();
        using SpanRecording recording = new(options => options.Redact = text => throw new FormatException("cannot redact " + text));
        string secret = Guid.NewGuid().ToString();

        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetInput(secret);
            span.SetOutput(new Failing(secret));
        }

        events.Messages.ShouldContain(message => message.Contains("System.FormatException"));
        events.Messages.ShouldContain(message => message.Contains("Failing") && message.Contains("System.NotSupportedException"));
        events.Messages.ShouldNotContain(message => message.Contains(secret));
    }

    [Theory]
    [InlineData(nameof(PandaProbeEventSource.ConfigurationProblem), 2)]
    [InlineData(nameof(PandaProbeEventSource.Started), 2)]
    [InlineData(nameof(PandaProbeEventSource.ExportProblem), 2)]
    [InlineData(nameof(PandaProbeEventSource.ContentNotSerialised), 1)]
    [InlineData(nameof(PandaProbeEventSource.ValueRefused), 1)]
    [InlineData(nameof(PandaProbeEventSource.TelemetryFailed), 1)]
    [InlineData(nameof(PandaProbeEventSource.RedactionFailed), 1)]
    public void What_its_writer_limits_is_logged_each_time_and_the_rest_once_a_minute(string kind, int lines)
    {
        RecordingLogger logger = new();
        using DiagnosticsLogger listener = new(logger, new FakeTime());
        for (int i = 0; i < 2; i++)
        {
            switch (kind)
            {
                case nameof(PandaProbeEventSource.ConfigurationProblem):
                    PandaProbeEventSource.Log.ConfigurationProblem(logger.Id);
                    break;
                case nameof(PandaProbeEventSource.Started):
                    PandaProbeEventSource.Log.Started(logger.Id);
                    break;
                case nameof(PandaProbeEventSource.ExportProblem):
                    PandaProbeEventSource.Log.ExportProblem(logger.Id);
                    break;
                case nameof(PandaProbeEventSource.ContentNotSerialised):
                    PandaProbeEventSource.Log.ContentNotSerialised(logger.Id, "why");
                    break;
                case nameof(PandaProbeEventSource.ValueRefused):
                    PandaProbeEventSource.Log.ValueRefused(logger.Id, "why", "span");
                    break;
                case nameof(PandaProbeEventSource.TelemetryFailed):
                    PandaProbeEventSource.Log.TelemetryFailed(logger.Id, "why");
                    break;
                default:
                    PandaProbeEventSource.Log.RedactionFailed(logger.Id, "why");
                    break;
            }
        }

        logger.Lines.ShouldBe(lines);
    }

    [Fact]
    public void A_logger_that_records_is_not_told_of_its_own_spans()
    {
        using SpanRecording recording = new();
        RecordingLogger logger = new();
        using DiagnosticsLogger listener = new(logger);

        using (SpanScope span = Probe.StartSpan("outside " + logger.Id))
            span.SetTokenUsage(promptTokens: -7);

        logger.Lines.ShouldBe(1);
        recording.Spans.ShouldHaveSingleItem();
    }

    private sealed class Failing(string secret)
    {
        public string Text => throw new NotSupportedException("cannot read " + secret);
    }

    private sealed class RecordingLogger : ILogger
    {
        public string Id { get; } = Guid.NewGuid().ToString();

        public int Lines { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Other tests' events come here too.
            if (!formatter(state, exception).Contains(Id))
                return;

            Lines++;
            using SpanScope span = Probe.StartSpan("inside " + Id);
            span.SetTokenUsage(promptTokens: -7);
        }
    }
}
