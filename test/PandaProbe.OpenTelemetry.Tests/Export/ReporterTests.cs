using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Tests.Export;

public class ReporterTests
{
    [Fact]
    public void Trouble_that_comes_back_after_a_success_is_said_again_every_few_minutes_with_the_count_since()
    {
        using Events events = new();
        FakeTime time = new();
        ExportReporter reporter = new(new(), debug: false, new(), time);
        string message = Guid.NewGuid().ToString();
        string[] Said() => [.. events.Messages.Where(said => said.StartsWith(message, StringComparison.Ordinal))];

        for (int i = 0; i < 5; i++)
            reporter.Report("unavailable", message);
        Said().ShouldBe([message]);

        reporter.Recovered();
        reporter.Report("unavailable", message);
        Said().Length.ShouldBe(1, "it was said less than five minutes ago");

        time.Advance(TimeSpan.FromMinutes(5));
        reporter.Report("unavailable", message);
        reporter.Report("unavailable", message);
        Said().ShouldBe([message, message + " (5 more since the message before.)"]);

        time.Advance(TimeSpan.FromMinutes(5));
        reporter.Report("unavailable", message);
        Said().Length.ShouldBe(2, "nothing has succeeded since");
    }
}
