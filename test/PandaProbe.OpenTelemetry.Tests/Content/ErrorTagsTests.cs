using System.Diagnostics;
using PandaProbe.Content;

namespace PandaProbe.Tests.Content;

public sealed class ErrorTagsTests
{
    [Theory]
    [InlineData("rate_limited", null, "rate_limited")]
    [InlineData("rate_limited", "", "rate_limited")]
    [InlineData("rate_limited", "too many", "too many")]
    [InlineData("_OTHER", null, "error")]
    [InlineData(null, null, "error")]
    public void A_failure_without_a_text_is_described_by_the_type_of_its_error(string? type, string? text, string description)
    {
        using Activity activity = new("failed");
        activity.SetTag("error.type", type);
        ErrorTags.Fail(activity, text);
        (activity.Status, activity.StatusDescription).ShouldBe((ActivityStatusCode.Error, description));
    }
}
