using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Recording;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Rewrites the spans of other libraries to the names of the current conventions: attributes of older and newer conventions, lists as JSON
/// text, kinds from operations. Applies the content policy to them.
/// </summary>
internal static class ForeignSpan
{
    private const string AnthropicSource = "com.anthropic.sdk.csharp";
    private const string AnthropicStopReason = "anthropic.message.stop_reason";
    private const string AnthropicThinkingBudget = "anthropic.thinking.budget_tokens";
    private const string SingleFinishReason = "gen_ai.response.finish_reason";
    private const string ResendCount = "http.request.resend_count";

    // In seconds. A greater value cannot be a measurement.
    private const double LongestWait = 1e6;

    public static void Normalise(Activity activity, ContentPolicy policy)
    {
        // Web searches are counted from content, so before the policy removes it. No failure leaves this step.
        ServerTools.Normalise(activity);

        // This comes next, so that a failure in a later step cannot let content through.
        ForeignContent.Apply(activity, policy);
        SetKind(activity);
        SetProvider(activity);
        foreach (UsageNames names in UsageNames.All)
        {
            foreach (string other in names.OtherTags)
                RenameCount(activity, other, names.Tag);
        }

        ApplyEnrichment(activity);
        SummedUsage.MoveFrom(activity);
        SetFinishReasons(activity);
        if (activity.GetTagItem(GenAI.Request.StopSequences) is string sequences && TryReadTexts(sequences, out string[] list))
            activity.SetTag(GenAI.Request.StopSequences, list);
        if (activity.GetTagItem(GenAI.Usage.InputTokens) is not null && activity.GetTagItem(Pandaprobe.TokenCountMethod) is null)
            activity.SetTag(Pandaprobe.TokenCountMethod, UsageTags.Reported);
        SetCompletionStart(activity);
        SetAnthropicOutcome(activity);
        DescribeError(activity, policy);
        RenameCount(activity, ResendCount, Pandaprobe.RetryCount);
        if (activity.GetTagItem(AnthropicThinkingBudget) is { } budget)
            activity.SetTag(PrefixedNames.ModelParameters["thinking_budget_tokens"], budget);
        SetAnswer(activity);
    }

    // Applied at the end, because the library that owns the span writes to it until then.
    private static void ApplyEnrichment(Activity activity)
    {
        if (Enrichment.Find(activity) is not { } enrichment)
            return;

        // The span has the sum of several calls, and the later ones report their tokens on spans of their own. It keeps those of the first.
        if (enrichment.IsVoid)
            SummedUsage.Move(activity);
        foreach ((string? key, object? value) in enrichment.Tags)
        {
            if (!enrichment.IsVoid || SummedUsage.IsCount(key))
                activity.SetTag(key, value);
        }
    }

    private static void SetCompletionStart(Activity activity)
    {
        if (activity.GetTagItem(GenAI.Response.TimeToFirstChunk) is double and >= 0 and < LongestWait and var seconds
            && activity.GetTagItem(Pandaprobe.CompletionStartTime) is null)
        {
            activity.SetTag(Pandaprobe.CompletionStartTime,
                activity.StartTimeUtc.AddSeconds(seconds).ToString("O", CultureInfo.InvariantCulture));
        }
    }

    // Anthropic's package sets no status when the caller abandons a call.
    private static void SetAnthropicOutcome(Activity activity)
    {
        if (activity.Status != ActivityStatusCode.Unset
            || !activity.Source.Name.StartsWith(AnthropicSource, StringComparison.Ordinal)
            || activity.GetTagItem(GenAI.OperationName) is not GenAI.Operation.Chat
            || activity.GetTagItem(AnthropicStopReason) is not null)
        {
            return;
        }

        if (activity.GetTagItem(GenAI.Response.Id) is null)
            ErrorTags.Record(activity, "The call was given up before it was answered.");
        else if (activity.GetTagItem(GenAI.Request.Stream) is true)
            StreamMeasurement.SetOutcome(activity, StreamOutcome.Abandoned);
    }

    // Anthropic's package writes the type of an error and no more. It ends its span while the exception is leaving the call.
    private static void DescribeError(Activity activity, ContentPolicy policy)
    {
        if (activity.Status != ActivityStatusCode.Error || activity.StatusDescription is not null || !policy.Capture)
            return;

        if (ErrorTags.HasExceptionEvent(activity, out string? message))
            activity.SetStatus(ActivityStatusCode.Error, message);
        else if (ExceptionInFlight.Innermost() is { } exception)
            ErrorTags.Describe(activity, exception);
        else if (activity.GetTagItem(General.ErrorType) is { } type)
            activity.SetStatus(ActivityStatusCode.Error, JsonValue.TextOf(type));
    }

    private static void SetAnswer(Activity activity)
    {
        if (activity.GetTagItem(GenAI.Output.Messages) is not string json)
            return;

        if (ForeignAnswer.ReasoningIn(json) is { } reasoning)
            activity.SetTag(PrefixedNames.Metadata["reasoning_summary"], reasoning);
        if (!json.Contains(ForeignAnswer.FinishReasonProperty, StringComparison.Ordinal))
        {
            string reason = activity.GetTagItem(GenAI.Response.FinishReasons) is string[] and [{ } first, ..] ? first
                : activity.Status == ActivityStatusCode.Error || StreamMeasurement.IsAbandoned(activity) ? FinishReasons.Error
                : FinishReasons.Stop;
            activity.SetTag(GenAI.Output.Messages, new ForeignAnswer(json, reason));
        }
    }

    private static void SetKind(Activity activity)
    {
        if (activity.GetTagItem(Pandaprobe.Span.Kind) is not null)
            return;

        ProbeSpanKind? kind = SpanKinds.FromOperation(activity.GetTagItem(GenAI.OperationName) as string);
        if (kind is null && SpanKinds.TryParse(activity.GetTagItem(General.OpenInference.SpanKind) as string, out ProbeSpanKind named))
            kind = named;
        if (kind is null && activity.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal))
            kind = ProbeSpanKind.Chain;

        string name = SpanKinds.Name(kind ?? ProbeSpanKind.Other);
        activity.SetTag(Pandaprobe.Span.Kind, name);
        if (kind is not (null or ProbeSpanKind.Other) && activity.GetTagItem(General.OpenInference.SpanKind) is null)
            activity.SetTag(General.OpenInference.SpanKind, name);
    }

    private static void SetFinishReasons(Activity activity)
    {
        object? given = activity.GetTagItem(GenAI.Response.FinishReasons);
        if (given is null && (activity.GetTagItem(AnthropicStopReason) ?? activity.GetTagItem(SingleFinishReason)) is string reason)
            given = reason.ToLowerInvariant();
        string[]? reasons = given switch
        {
            string text => TryReadTexts(text, out string[] list) ? list : [text.Trim('"')],
            string[] list => list,
            _ => null,
        };
        if (reasons is not null)
        {
            activity.SetTag(GenAI.Response.FinishReasons, reasons is [{ } only]
                ? FinishReasons.ListOf(FinishReasons.Normalise(only)!) : reasons.Select(FinishReasons.Normalise).ToArray());
        }
    }

    private static void SetProvider(Activity activity)
    {
        if (activity.GetTagItem(GenAI.ProviderName) is not null)
            return;

        if (activity.GetTagItem(GenAI.System) is not string system)
        {
            if (activity.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Llm or SpanKinds.Embedding
                && ModelProviders.Of(activity.GetTagItem(GenAI.Request.Model) as string) is { } maker)
            {
                activity.SetTag(GenAI.ProviderName, maker);
            }

            return;
        }

        activity.SetTag(GenAI.ProviderName, system switch
        {
            "az.ai.openai" => "azure.ai.openai",
            "az.ai.inference" => "azure.ai.inference",
            "vertex_ai" => "gcp.vertex_ai",
            "gemini" => "gcp.gemini",
            "xai" => "x_ai",
            _ => system,
        });
    }

    private static void RenameCount(Activity activity, string old, string current)
    {
        if (!TagNumber.TryCount(activity.GetTagItem(old), out long count))
            return;

        if (activity.GetTagItem(current) is null)
            activity.SetTag(current, Boxes.Integer(count));

        // Backends that add up all usage attributes would count it twice.
        activity.SetTag(old, null);
    }

    private static bool TryReadTexts(string json, out string[] texts)
    {
        texts = [];
        if (!json.StartsWith('['))
            return false;

        try
        {
            using var document = JsonDocument.Parse(json);
            texts = [.. document.RootElement.EnumerateArray().Select(element => element.ToString())];
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
