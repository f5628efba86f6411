using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Recording;
using PandaProbe.Usage;

namespace PandaProbe.Metrics;

/// <summary>What metrics need to know of a call whose span is not recorded: sampling decides what traces show, not what metrics count.</summary>
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
        TokenUsageDraft usage = new() { Input = input, Output = output };
        usage.RefuseImpossible();
        bool any = usage.Input is not null || usage.Output is not null;
        for (int i = 0; i < details.Count; i++)
            any |= Assign(ref usage, details[i].Key, details[i].Value);
        foreach (var (key, value) in details.ReadSource())
            any |= Assign(ref usage, key, value);
        if (!any)
            return;

        // As on a span: parts are compared with the total they belong to, which may have been reported before them.
        usage.Input ??= _facts.Usage.Input;
        usage.Output ??= _facts.Usage.Output;
        Set(TokenUsage.Inclusive(usage));

        static bool Assign(ref TokenUsageDraft usage, string key, ProbeValue value)
        {
            if (!value.TryGetInteger(out long count) || count is < 0 or > TokenUsage.MaxCount)
                return false;

            UsageKeys.TryAssign(ref usage, key, count);
            return true;
        }
    }

    public void SetTokenUsage(in TokenUsage usage)
    {
        if (!usage.IsEmpty)
            Set(usage);
    }

    private void Set(in TokenUsage usage)
    {
        _facts.Usage = new()
        {
            Input = usage.Input ?? _facts.Usage.Input,
            Output = usage.Output ?? _facts.Usage.Output,
            CacheRead = usage.CacheRead ?? _facts.Usage.CacheRead,
            CacheWrite = usage.CacheWrite ?? _facts.Usage.CacheWrite,
            CacheWriteOneHour = usage.CacheWriteOneHour ?? _facts.Usage.CacheWriteOneHour,
            Reasoning = usage.Reasoning ?? _facts.Usage.Reasoning,
            AudioInput = usage.AudioInput ?? _facts.Usage.AudioInput,
            AudioOutput = usage.AudioOutput ?? _facts.Usage.AudioOutput,
            AudioCacheRead = usage.AudioCacheRead ?? _facts.Usage.AudioCacheRead,
            ImageInput = usage.ImageInput ?? _facts.Usage.ImageInput,
            ImageOutput = usage.ImageOutput ?? _facts.Usage.ImageOutput,
        };
        _facts.CountMethod = UsageTags.Reported;
    }

    public void SetTokenUsage(in CallUsage usage)
    {
        ref TokenUsageDraft known = ref _facts.Usage;
        known.Input = usage.Input ?? known.Input;
        known.Output = usage.Output ?? known.Output;
        known.CacheRead = usage.CacheRead ?? known.CacheRead;
        known.CacheWrite = usage.CacheCreation ?? known.CacheWrite;
        known.Reasoning = usage.Reasoning ?? known.Reasoning;
        if (usage.Others is not null)
        {
            foreach (var (key, count) in usage.Others)
                UsageKeys.TryAssignTag(ref known, PrefixedNames.Usage[key], count);
        }

        _facts.CountMethod = UsageTags.Reported;
    }

    public void SetCounted(long? input, long? output)
    {
        _facts.Usage.Input = input ?? _facts.Usage.Input;
        _facts.Usage.Output = output ?? _facts.Usage.Output;
    }

    public void SetCost(decimal? total, in ProbeFields parts)
    {
        if (UsageTags.TotalOf(total, parts) is { } amount)
            _facts.Cost = (double)amount;
    }

    public void SetError(Exception? exception) => _facts.ErrorType = exception is null ? _facts.ErrorType ?? ErrorTags.Other : ErrorTags.TypeOf(exception);

    public void SetError(string? type) => _facts.ErrorType = string.IsNullOrEmpty(type) ? _facts.ErrorType ?? ErrorTags.Other : type;

    public void SetCompletionStartTime(DateTimeOffset moment)
    {
        double seconds = (moment.UtcDateTime - _startTime).TotalSeconds;
        if (seconds >= 0)
            _facts.TimeToFirstChunk = seconds;
    }

    public void SetTimeToFirstChunk() => _facts.TimeToFirstChunk = Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Counts the call, once.</summary>
    /// <param name="mark">The mark of the scope that ends.</param>
    public void End(long mark)
    {
        if (ExceptionInFlight.IsLeaving(mark, out Exception? exception))
            SetError(exception);
        End();
    }

    /// <summary>Counts the call, once, whatever exception may be in flight.</summary>
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
