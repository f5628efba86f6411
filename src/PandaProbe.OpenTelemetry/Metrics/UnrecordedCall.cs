using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Pricing;

namespace PandaProbe.Metrics;

/// <summary>
/// Holds the facts for metrics of a call whose span is not recorded. Sampling applies to traces only; metrics count every call.
/// </summary>
internal sealed class UnrecordedCall(ProbeSpanKind kind, string? model, string? provider)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly DateTime _startTime = DateTime.UtcNow;
    private CallFacts _facts = new() { Operation = SpanKinds.Operation(kind), RequestModel = model, Provider = provider };
    private int _ended;

    public ref readonly CallFacts Facts => ref _facts;

    public void SetModel(string model) => _facts.RequestModel = model;

    public void SetResponseModel(string model) => _facts.ResponseModel = model;

    public void SetProvider(string provider) => _facts.Provider = provider;

    public void SetServer(string host, int port)
    {
        _facts.ServerAddress = host;
        _facts.ServerPort = port;
    }

    public void SetTokenUsage(long? input, long? output, in ProbeFields details)
    {
        TokenCounts counts = new() { [TokenKind.Input] = input, [TokenKind.Output] = output };
        counts.RefuseImpossible();
        bool any = counts[TokenKind.Input] is not null || counts[TokenKind.Output] is not null;
        for (int i = 0; i < details.Count; i++)
            any |= Assign(ref counts, details[i].Key, details[i].Value);
        foreach ((string? key, ProbeValue value) in details.ReadSource())
            any |= Assign(ref counts, key, value);
        if (!any)
            return;

        // As on a span, parts are checked against their total, which may have been set earlier.
        counts[TokenKind.Input] ??= _facts.Usage[TokenKind.Input];
        counts[TokenKind.Output] ??= _facts.Usage[TokenKind.Output];
        SetTokenUsage(TokenUsage.Inclusive(counts));

        static bool Assign(ref TokenCounts counts, string key, ProbeValue value)
        {
            if (!value.TryGetInteger(out long count) || count is < 0 or > TokenUsage.MaxCount)
                return false;

            if (UsageNames.OfKey(key) is { } names)
                counts[names.Kind] = count;
            return true;
        }
    }

    public void SetTokenUsage(in TokenUsage usage)
    {
        if (usage.IsEmpty)
            return;

        _facts.Usage.Update(usage.Counts);
        _facts.CountMethod = UsageTags.Reported;
    }

    public void SetCounted(long? input, long? output)
    {
        _facts.Usage.Update(new() { [TokenKind.Input] = input, [TokenKind.Output] = output });
    }

    public void SetCost(decimal? total, in ProbeFields parts)
    {
        if (UsageTags.TotalOf(total, parts) is { } amount)
            _facts.Cost = (double)amount;
    }

    public void SetError(Exception? exception) =>
        _facts.ErrorType = exception is null ? _facts.ErrorType ?? ErrorTags.Other : ErrorTags.TypeOf(exception);

    public void SetError(string? type) => _facts.ErrorType = string.IsNullOrEmpty(type) ? _facts.ErrorType ?? ErrorTags.Other : type;

    public void SetCompletionStartTime(DateTimeOffset moment)
    {
        double seconds = (moment.UtcDateTime - _startTime).TotalSeconds;
        if (seconds >= 0)
            _facts.TimeToFirstChunk = seconds;
    }

    public void SetTimeToFirstChunk() => _facts.TimeToFirstChunk = Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Counts the call, once. An exception that is leaving the scope fails the call.</summary>
    /// <param name="mark">The mark of the ending scope.</param>
    public void End(long mark)
    {
        if (ExceptionInFlight.IsLeaving(mark, out Exception? exception))
            SetError(exception);
        End();
    }

    /// <summary>Counts the call, once. Ignores an exception in flight.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;

        _facts.Duration = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        _facts.Usage.RefuseImpossible();
        CallCost.Set(ref _facts, _startTime);
        ClientMetrics.Record(_facts);
    }
}
