using System.Diagnostics;
using PandaProbe.Context;

namespace PandaProbe.Tests.Context;

/// <summary>Session, user and tags as entries of the header <c>baggage</c>.</summary>
public sealed class PropagatedContextTests
{
    private const string Session = "pandaprobe.session=";

    [Theory]
    [InlineData("pandaprobe.session=s%201,pandaprobe.user=u1,pandaprobe.tags=a%2520b%20c", "s 1", "u1", "a b|c")]
    [InlineData(" pandaprobe.session = s ; ttl=5 ,pandaprobe.user=u;x", "s", "u", null)]
    [InlineData("tenant=a,nothing,,=x,pandaprobe.session=s", "s", null, null)]
    [InlineData("pandaprobe.session=1,pandaprobe.session=2,pandaprobe.user=3,pandaprobe.user=4", "1", "3", null)]
    [InlineData("pandaprobe.tags=1,pandaprobe.tags=2", null, null, "1")]
    [InlineData("pandaprobe.session=,pandaprobe.user=a%0Ab,pandaprobe.tags=%20%20", null, null, null)]
    [InlineData("pandaprobe.session=12345,pandaprobe.user=123456,pandaprobe.tags=123456%2012345", "12345", null, "12345")]
    [InlineData("pandaprobe.tags=a%20b%20c%20d", null, null, "a|b|c")]
    [InlineData("", null, null, null)]
    [InlineData(null, null, null, null)]
    public void Entries_are_read_up_to_the_limits_and_the_first_of_a_name_counts(
        string? header, string? session, string? user, string? tags)
    {
        (string? Session, string? User, string[]? Tags) read = PropagatedContext.Read(header, maxLength: 5, maxTags: 3);

        (read.Session, read.User, read.Tags is null ? null : string.Join('|', read.Tags)).ShouldBe((session, user, tags));
    }

    [Theory]
    [InlineData(8192, "s")]
    [InlineData(8193, null)]
    public void A_header_that_is_longer_than_anybody_must_keep_is_not_read(int length, string? session) =>
        PropagatedContext.Read((Session + "s,").PadRight(length, 'x'), maxLength: 5, maxTags: 3).Session.ShouldBe(session);

    [Theory]
    [InlineData("s 1", "u1", "a b|c", "pandaprobe.session=s%201,pandaprobe.user=u1,pandaprobe.tags=a%2520b%20c")]
    [InlineData("12345", "123456", "123456|12345", "pandaprobe.session=12345,pandaprobe.tags=12345")]
    [InlineData("123456", "12345", null, "pandaprobe.user=12345")]
    [InlineData(null, null, "a|b|c|d", "pandaprobe.tags=a%20b%20c")]
    [InlineData(null, null, null, "")]
    public void What_is_within_the_limits_is_written(string? session, string? user, string? tags, string header)
    {
        using SpanRecording recording = new();
        using TraceScope trace = Probe.StartTrace("trace", sessionId: session, userId: user, tags: tags?.Split('|'));

        PropagatedContext.Write(AmbientContext.Current, new() { MaxLength = 5, MaxTags = 3 }).ShouldBe(header);
    }

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, false)]
    public void Half_of_a_header_stays_for_the_entries_of_others(int length, bool isWritten)
    {
        using SpanRecording recording = new();
        string session = new('s', length - (Session.Length - 1));
        using TraceScope trace = Probe.StartTrace("trace", sessionId: session);

        PropagatedContext.Write(AmbientContext.Current, new() { MaxLength = 10_000 }).ShouldBe(isWritten ? Session + session : "");
    }

    [Theory]
    [InlineData("tenant=a, PandaProbe.User=u,pandaprobe.x=1,b=2", "tenant=a,b=2")]
    [InlineData("a=pandaprobe.x,  b=2", "a=pandaprobe.x,  b=2")]
    [InlineData("pandaprobe.session=s", "")]
    [InlineData("tenant=a,  b=2", "tenant=a,  b=2")]
    public void Entries_of_others_stay_as_they_are(string header, string others) => PropagatedContext.WithoutOwn(header).ShouldBe(others);

    [Theory]
    [InlineData(0, 5, false, true)]
    [InlineData(5, 0, true, false)]
    [InlineData(4000, 4191, true, true)]
    [InlineData(4000, 4192, true, false)]
    public void Own_entries_follow_those_of_others_where_there_is_room(int others, int own, bool hasOthers, bool hasOwn)
    {
        string joined = PropagatedContext.Join(new('o', others), new('p', own));

        joined.ShouldBe(string.Join(
            ',', new[] { hasOthers ? new string('o', others) : null, hasOwn ? new string('p', own) : null }.OfType<string>()));
    }

    [Theory]
    [InlineData("http://api.example.com/", "tenant=a", "tenant=a,pandaprobe.session=s")]
    [InlineData("http://api.example.com/", null, "pandaprobe.session=s")]
    [InlineData("http://api.example.com/", "pandaprobe.user=old", "pandaprobe.session=s")]
    [InlineData("http://example.org/", "tenant=a,pandaprobe.session=old", "tenant=a")]
    [InlineData("http://example.org/", "pandaprobe.session=old", null)]
    [InlineData("http://example.org/", null, null)]
    public void Allowed_hosts_get_them_and_nobody_gets_those_that_came_in(string address, string? before, string? baggage)
    {
        using SpanRecording recording = new();
        using TraceScope trace = Probe.StartTrace("trace", sessionId: "s");
        Given given = new(
            ("traceparent", "00-1-1-01"), ("baggage", before), ("Correlation-Context", "pandaprobe.user=old"),
            ("Correlation-Context", "b=2"));
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        List<string> headers = [];

        new ProbePropagator(given, new() { Hosts = ["example.com"] }).Inject(
            trace.Activity, request, (carrier, name, value) =>
            {
                carrier.ShouldBeSameAs(request);
                headers.Add($"{name}: {value}");
            });

        string[] others = ["traceparent: 00-1-1-01", "Correlation-Context: b=2"];
        headers.ShouldBe(baggage is null ? others : [.. others, "baggage: " + baggage]);
    }

    /// <summary>Writes these headers.</summary>
    private sealed class Given(params (string Name, string? Value)[] headers) : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => [];

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
        {
            foreach ((string name, string? value) in headers)
            {
                if (value is not null)
                    setter!(carrier, name, value);
            }
        }

        public override void ExtractTraceIdAndState(
            object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
                throw new NotSupportedException();

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
            throw new NotSupportedException();
    }
}
