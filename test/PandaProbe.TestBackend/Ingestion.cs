using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using PandaProbe.Local.Receiving.Rest;

namespace PandaProbe.TestBackend;

/// <summary>Answers requests as PandaProbe's API does, and stores what its worker would.</summary>
internal sealed partial class Ingestion(BackendOptions options)
{
    private const int LongestColumn = 255;

    // Python reads no longer whole number.
    private const int LongestNumber = 4300;

    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeProvider Fast = new FastTime(100);

    private readonly Queue<long> _traceTimes = new();
    private readonly Queue<long> _otherTimes = new();
    private TimeProvider? _time;
    private long _spanCount;
    private int _posts;
    private int _refusals;

    public ConcurrentDictionary<Guid, StoredTrace> Traces { get; } = new();

    public ConcurrentQueue<JsonElement> Scores { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public ConcurrentDictionary<Guid, byte> Counted { get; } = new();

    public long SpansReceived => Volatile.Read(ref _spanCount);

    public bool IsReadable { get; private set; } = true;

    private TimeProvider Time => _time ?? Interlocked.CompareExchange(ref _time, Fast, null) ?? Fast;

    private TimeProvider StoreTime => options.StoreTime ?? Time;

    public void Follow(TimeProvider time) => Interlocked.CompareExchange(ref _time, time, null);

    public StoredTrace? StoredNow(Guid id) => Traces.TryGetValue(id, out StoredTrace? trace) ? trace.At(StoreTime.GetTimestamp()) : null;

    public (int Status, string Answer) Process(BackendRequest request, byte[] body, HttpResponse response)
    {
        if (request.Headers.GetValueOrDefault("X-API-Key") != options.ApiKey)
            return (401, """{"detail":"Invalid API key"}""");
        if (!ProjectName().IsMatch(request.Headers.GetValueOrDefault("X-Project-Name", "")))
            return (422, """{"detail":"X-Project-Name may have letters, digits, spaces, '.', '_' and '-' only"}""");
        if (request.Headers.GetValueOrDefault("X-Project-Name") != options.Project)
            return (403, """{"detail":"No access to the project"}""");
        if (IsOverLimit(request, response))
            return (429, """{"detail":"Rate limit exceeded"}""");
        if (body.LongLength > options.MaxBodySize)
            return (413, """{"detail":"Too large"}""");
        if (!options.UnpacksRequests && request.Headers.ContainsKey("Content-Encoding"))
            return (400, """{"detail":"There was an error parsing the body"}""");

        string[] parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (request.Method == "GET")
            return Read(request, parts);
        if (request.Headers.GetValueOrDefault("Content-Type")?.Split(';')[0] != "application/json")
            return Violated(request, 415, "Content-Type is " + request.Headers.GetValueOrDefault("Content-Type"));
        if (string.IsNullOrEmpty(request.Headers.GetValueOrDefault("User-Agent")))
            return Violated(request, 400, "no User-Agent");
        if (!Guid.TryParseExact(request.RequestId, "D", out _))
            return Violated(request, 400, $"X-Request-ID is '{request.RequestId}'");

        JsonElement document;
        try
        {
            document = JsonDocument.Parse(body, new() { MaxDepth = 512 }).RootElement;
            if (HasLongNumber(body))
                return Violated(request, 400, "There was an error parsing the body");
        }
        catch (JsonException exception)
        {
            return Violated(request, 422, "not JSON: " + exception.Message);
        }

        return (request.Method, parts) switch
        {
            ("POST", ["traces"]) => StoreTrace(request, document),
            ("POST", ["traces", var id, "spans"]) => StoreSpans(request, id, document),
            ("POST", ["evaluations", "trace-scores"]) => StoreScore(request, document),
            _ => Violated(request, 404, $"no such route: {request.Method} {request.Path}"),
        };
    }

    private (int Status, string Answer) Read(BackendRequest request, string[] parts) => parts switch
    {
        ["traces"] when !IsReadable => (500, "Internal Server Error"),
        ["traces"] => (200, $$"""{"total":{{Traces.Count}}}"""),
        ["evaluations", "trace-scores", var id] => (200, JsonSerializer.Serialize(
            Scores.Where(score => score.GetProperty("trace_id").GetString() == id))),
        _ => Violated(request, 404, $"no such route: GET {request.Path}"),
    };

    private (int Status, string Answer) StoreTrace(BackendRequest request, JsonElement document)
    {
        if (options.CountOnly && request.Number % 100 != 0)
            return CountTrace(document);

        List<string> problems = Schema.Check(document, "TraceCreate");
        if (problems.Count > 0)
            return Violated(request, 422, string.Join("; ", problems));
        if (options.CountOnly)
            return CountTrace(document);

        Guid id = document.TryGetProperty("trace_id", out JsonElement given) ? given.GetGuid() : Guid.NewGuid();
        if (Traces.Count >= options.PlanLimit && !Traces.ContainsKey(id))
            return (429, $$"""{"detail":"You've reached the traces limit ({{options.PlanLimit}}) for your HOBBY plan. Upgrade to send more."}""");

        int post = Interlocked.Increment(ref _posts);
        bool fails = options.FailsFirst?.Invoke(request) ?? (!options.StoresAtOnce && post % 5 == 1);
        Store(id, document, (options.StoresAtOnce ? TimeSpan.Zero : options.StoreDelay) + (fails ? RepeatAfter : TimeSpan.Zero));
        return (202, $$"""{"trace_id":"{{id}}","task_id":"{{Guid.NewGuid()}}"}""");
    }

    private void Store(Guid id, JsonElement document, TimeSpan delay)
    {
        StoredTrace trace = Traces.GetOrAdd(id, static id => new(id));
        long at = StoreTime.GetTimestamp() + (long)(delay.TotalSeconds * StoreTime.TimestampFrequency);
        trace.Store(at, options.KeepContent ? document : JsonDocument.Parse($$"""{"name":"{{id}}"}""").RootElement);
        if (document.TryGetProperty("spans", out JsonElement spans))
            Add(trace, spans);
    }

    private (int Status, string Answer) CountTrace(JsonElement document)
    {
        Counted.TryAdd(document.GetProperty("trace_id").GetGuid(), 0);
        Interlocked.Add(ref _spanCount, document.GetProperty("spans").GetArrayLength());
        return (202, "{}");
    }

    private (int Status, string Answer) StoreSpans(BackendRequest request, string id, JsonElement document)
    {
        if (!Guid.TryParseExact(id, "D", out Guid traceId))
            return Violated(request, 422, "trace id " + id);
        if (options.CountOnly && Counted.ContainsKey(traceId))
        {
            Interlocked.Add(ref _spanCount, document.GetArrayLength());
            return (201, "{}");
        }

        if (document.ValueKind != JsonValueKind.Array || document.GetArrayLength() is 0 or > 500)
            return Violated(request, 422, "not a list of 1 to 500 spans");

        List<string> problems = [];
        foreach (JsonElement span in document.EnumerateArray())
            problems.AddRange(Schema.Check(span, "SpanCreate"));
        if (problems.Count > 0)
            return Violated(request, 422, string.Join("; ", problems));
        if (!IsStored(traceId, out StoredTrace trace))
            return (404, """{"detail":"Trace not found"}""");

        Add(trace, document);
        return (201, $$"""{"span_ids":[{{string.Join(',', document.EnumerateArray().Select(span => $"\"{span.GetProperty("span_id")}\""))}}]}""");
    }

    private (int Status, string Answer) StoreScore(BackendRequest request, JsonElement document)
    {
        List<string> problems = Schema.Check(document, "CreateTraceScoreRequest");
        string value = document.TryGetProperty("value", out JsonElement given) ? given.ToString() : "";
        if (document.TryGetProperty("data_type", out JsonElement type) && type.GetString() == "NUMERIC"
            && !(double.TryParse(value, CultureInfo.InvariantCulture, out double number) && number is >= 0 and <= 1))
        {
            problems.Add("value: must be in [0.0, 1.0]");
        }

        if (problems.Count > 0)
            return Violated(request, 422, string.Join("; ", problems));

        // The database refuses both: the score of a trace that is not there yet, and what its columns have no room for.
        if (!IsStored(document.GetProperty("trace_id").GetGuid(), out _) || document.GetProperty("name").GetString()!.Length > LongestColumn
            || value.Length > LongestColumn)
        {
            return (500, "Internal Server Error");
        }

        Scores.Enqueue(document);
        return (201, "{}");
    }

    private bool IsStored(Guid id, out StoredTrace trace) =>
        Traces.TryGetValue(id, out trace!) && trace.IsThere(StoreTime.GetTimestamp());

    private void Add(StoredTrace trace, JsonElement spans)
    {
        foreach (JsonElement span in spans.EnumerateArray())
        {
            Interlocked.Increment(ref _spanCount);
            IsReadable &= TokensOf(span) <= int.MaxValue;
            trace.Spans[span.GetProperty("span_id").GetGuid()] = options.KeepContent ? span : default;
        }
    }

    private static long TokensOf(JsonElement span)
    {
        return span.TryGetProperty("token_usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object
            ? Count("prompt_tokens") + Count("completion_tokens") : 0;

        long Count(string name) => usage.TryGetProperty(name, out JsonElement count) && count.TryGetInt64(out long number) ? number : 0;
    }

    private static bool HasLongNumber(byte[] json)
    {
        Utf8JsonReader reader = new(json, new() { MaxDepth = 512 });
        while (reader.Read())
        {
            if (reader.ValueSpan.Length > LongestNumber && reader.TokenType == JsonTokenType.Number
                && !reader.ValueSpan.ContainsAny(".eE"u8))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("^[A-Za-z0-9 ._-]+$")]
    private static partial Regex ProjectName();

    private (int Status, string Answer) Violated(BackendRequest request, int status, string problem)
    {
        Violations.Enqueue($"{request.Method} {request.Path}: {problem}");
        return (status, JsonSerializer.Serialize(
            new { detail = new[] { new { loc = new[] { "body" }, msg = problem, type = "value_error" } } }));
    }

    private bool IsOverLimit(BackendRequest request, HttpResponse response)
    {
        int? limit = request.IsTrace ? options.TraceLimit : options.OtherLimit;
        if (limit is null)
            return false;

        Queue<long> times = request.IsTrace ? _traceTimes : _otherTimes;
        TimeProvider time = options.RateTime ?? Time;
        lock (times)
        {
            long now = time.GetTimestamp();
            while (times.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) >= options.RateWindow)
                times.Dequeue();
            if (times.Count < limit)
            {
                times.Enqueue(now);
                return false;
            }

            if (options.SendRetryAfter ?? (Interlocked.Increment(ref _refusals) % 3 == 0))
            {
                TimeSpan wait = options.RateWindow - time.GetElapsedTime(times.Peek(), now);
                response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            return true;
        }
    }
}
