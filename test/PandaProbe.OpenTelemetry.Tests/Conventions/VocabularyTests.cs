using System.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Pricing;

namespace PandaProbe.Conventions;

/// <summary>The words that leave the process, as literals: a changed constant is a changed protocol.</summary>
public sealed class VocabularyTests
{
    [Theory]
    [InlineData(ProbeSpanKind.Other, "OTHER", "span", null, null, ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Llm, "LLM", "llm", "chat", null, ActivityKind.Client)]
    [InlineData(ProbeSpanKind.Tool, "TOOL", "tool", "execute_tool", "gen_ai.tool.name", ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Agent, "AGENT", "agent", "invoke_agent", "gen_ai.agent.name", ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Chain, "CHAIN", "chain", "invoke_workflow", "gen_ai.workflow.name", ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Retriever, "RETRIEVER", "retriever", "retrieval", null, ActivityKind.Client)]
    [InlineData(ProbeSpanKind.Embedding, "EMBEDDING", "embedding", "embeddings", null, ActivityKind.Client)]
    [InlineData((ProbeSpanKind)7, "OTHER", "span", null, null, ActivityKind.Internal)]
    [InlineData((ProbeSpanKind)(-1), "OTHER", "span", null, null, ActivityKind.Internal)]
    public void A_kind_of_span_has_these_names(
        ProbeSpanKind kind, string name, string defaultName, string? operation, string? nameTag, ActivityKind activityKind)
    {
        SpanKinds.Name(kind).ShouldBe(name);
        SpanKinds.DefaultName(kind).ShouldBe(defaultName);
        SpanKinds.Operation(kind).ShouldBe(operation);
        SpanKinds.NameTag(kind).ShouldBe(nameTag);
        SpanKinds.ActivityKind(kind).ShouldBe(activityKind);
        SpanKinds.TryParse(name.ToLowerInvariant(), out ProbeSpanKind read).ShouldBeTrue();
        read.ShouldBe(Enum.IsDefined(kind) ? kind : ProbeSpanKind.Other);
    }

    [Theory]
    [InlineData("chat", ProbeSpanKind.Llm)]
    [InlineData("text_completion", ProbeSpanKind.Llm)]
    [InlineData("generate_content", ProbeSpanKind.Llm)]
    [InlineData("chat.completions", ProbeSpanKind.Llm)]
    [InlineData("text.completions", ProbeSpanKind.Llm)]
    [InlineData("execute_tool", ProbeSpanKind.Tool)]
    [InlineData("invoke_agent", ProbeSpanKind.Agent)]
    [InlineData("create_agent", ProbeSpanKind.Agent)]
    [InlineData("invoke_workflow", ProbeSpanKind.Chain)]
    [InlineData("orchestrate_tools", ProbeSpanKind.Chain)]
    [InlineData("retrieval", ProbeSpanKind.Retriever)]
    [InlineData("embeddings", ProbeSpanKind.Embedding)]
    [InlineData("chats", null)]
    [InlineData("texts", null)]
    [InlineData("a chat.", null)]
    [InlineData("a text.", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_operation_means_this_kind(string? operation, ProbeSpanKind? kind) => SpanKinds.FromOperation(operation).ShouldBe(kind);

    [Theory]
    [InlineData("chat.completions", "chat")]
    [InlineData("text.completions", "text_completion")]
    [InlineData("chat", "chat")]
    [InlineData("embeddings", "embeddings")]
    [InlineData("rerank", "rerank")]
    [InlineData(null, null)]
    public void An_operation_is_measured_under_this_word(string? operation, string? word) => SpanKinds.Standard(operation).ShouldBe(word);

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("STOP", "stop")]
    [InlineData("stop", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("max_output_tokens", "length")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("length", "length")]
    [InlineData("tool_use", "tool_call")]
    [InlineData("tool_calls", "tool_calls")]
    [InlineData("function_call", "tool_call")]
    [InlineData("tool_call", "tool_call")]
    [InlineData("refusal", "content_filter")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("error", "error")]
    [InlineData("pause_turn", "pause_turn")]
    public void A_reason_to_stop_has_the_word_of_the_conventions(string reason, string word)
    {
        FinishReasons.Normalise(reason).ShouldBe(word);
        FinishReasons.ListOf(word).ShouldBe([word]);
    }

    [Fact]
    public void A_model_that_failed_has_this_reason() => FinishReasons.Error.ShouldBe("error");

    [Theory]
    [InlineData(ProbeTraceStatus.Pending, "PENDING")]
    [InlineData(ProbeTraceStatus.Running, "RUNNING")]
    [InlineData(ProbeTraceStatus.Completed, "COMPLETED")]
    [InlineData(ProbeTraceStatus.Error, "ERROR")]
    [InlineData((ProbeTraceStatus)17, "COMPLETED")]
    public void A_status_of_a_trace_is_this_word(ProbeTraceStatus status, string word) => TraceStatuses.Name(status).ShouldBe(word);

    [Theory]
    [InlineData("Input", "gen_ai.usage.input_tokens", "input_tokens", "prompt_tokens")]
    [InlineData("Output", "gen_ai.usage.output_tokens", "output_tokens", "completion_tokens")]
    [InlineData("CacheRead", "gen_ai.usage.cache_read.input_tokens", "cache_read_tokens", "cache_read_input_tokens", "cached_tokens")]
    [InlineData(
        "CacheWrite", "gen_ai.usage.cache_creation.input_tokens",
        "cache_creation_tokens", "cache_creation_input_tokens", "cache_write_tokens", "cache_write_input_tokens")]
    [InlineData(
        "CacheWriteOneHour", "pandaprobe.usage.cache_creation_1h_tokens", "cache_creation_1h_tokens", "cache_write_1h_tokens",
        "ephemeral_1h_input_tokens")]
    [InlineData("Reasoning", "gen_ai.usage.reasoning.output_tokens", "reasoning_tokens", "reasoning_output_tokens")]
    [InlineData("AudioInput", "pandaprobe.usage.audio_input_tokens", "audio_input_tokens", "input_audio_tokens")]
    [InlineData("AudioOutput", "pandaprobe.usage.audio_output_tokens", "audio_output_tokens", "output_audio_tokens")]
    [InlineData("AudioCacheRead", "pandaprobe.usage.audio_cache_read_tokens", "audio_cache_read_tokens")]
    [InlineData("ImageInput", "pandaprobe.usage.image_input_tokens", "image_input_tokens", "input_image_tokens")]
    [InlineData("ImageOutput", "pandaprobe.usage.image_output_tokens", "image_output_tokens", "output_image_tokens")]
    [InlineData("CompactionInput", "pandaprobe.usage.compaction_input_tokens", "compaction_input_tokens")]
    [InlineData("CompactionOutput", "pandaprobe.usage.compaction_output_tokens", "compaction_output_tokens")]
    [InlineData("WebSearches", "pandaprobe.usage.web_searches", "web_searches", "web_search_requests")]
    public void A_count_of_tokens_has_this_tag_and_these_names(string kind, string tag, params string[] keys)
    {
        UsageNames names = UsageNames.OfTag(tag).ShouldNotBeNull();
        KindOf(names).ShouldBe(kind);
        names.Keys.ShouldBe(keys);
        foreach (string key in keys)
            UsageNames.OfKey(key).ShouldBeSameAs(names);
    }

    [Fact]
    public void Every_count_of_tokens_has_names_and_no_two_share_one()
    {
        UsageNames.All.Select(KindOf)
            .ShouldBe(typeof(PriceBook).Assembly.GetType("PandaProbe.Pricing.TokenKind")!.GetEnumNames(), ignoreOrder: true);
        UsageNames.All.SelectMany(names => names.Keys).ShouldBeUnique();
        UsageNames.OfKey("total_tokens").ShouldBeNull();
        UsageNames.OfTag("gen_ai.usage.total_tokens").ShouldBeNull();
    }

    // The type is internal to the library of prices.
    private static string? KindOf(UsageNames names) => typeof(UsageNames).GetProperty(nameof(UsageNames.Kind))!.GetValue(names)!.ToString();
}
