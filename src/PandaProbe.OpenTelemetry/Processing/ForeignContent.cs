using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Applies the content policy to what other libraries record. Their events cannot be changed any more when a span ends: the exporter to
/// PandaProbe masks what it takes from them.
/// </summary>
internal static class ForeignContent
{
    // Which template a prompt was made from.
    private const string PromptName = "gen_ai.prompt.name";
    private const string PromptVersion = "gen_ai.prompt.version";

    private const string EmbeddedText = ".text";

    private static readonly string[] Names =
    [
        GenAI.Input.Messages, GenAI.Output.Messages, GenAI.SystemInstructions, GenAI.Tool.Definitions, GenAI.Tool.Call.Arguments,
        GenAI.Tool.Call.Result, General.Input.Value, General.Output.Value,
    ];

    // What this library does not read, but hands on: conventions of old, of retrievals, of OpenLLMetry and of OpenInference. By their first
    // letter.
    private static readonly string[] OfEmbeddings = ["embedding.embeddings."];
    private static readonly string[] OfGenAI =
        ["gen_ai.prompt", "gen_ai.completion", "gen_ai.retrieval.query.text", "gen_ai.retrieval.documents",
            "gen_ai.evaluation.explanation"];

    private static readonly string[] OfLlm = ["llm.input_messages.", "llm.output_messages.", "llm.prompts", "llm.completions",
        "llm.prompt_template.variables"];
    private static readonly string[] OfReranker = ["reranker.query", "reranker.input_documents", "reranker.output_documents"];
    private static readonly string[] OfRetrieval = ["retrieval.documents."];
    private static readonly string[] OfTraceloop = ["traceloop.entity.input", "traceloop.entity.output"];

    public static void Apply(Activity activity, ContentPolicy policy)
    {
        foreach (string name in Names)
            Apply(activity, policy, name);

        // Apart, as a tag that is taken away or replaced must not be one that is being enumerated.
        List<string>? others = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in activity.EnumerateTagObjects())
        {
            if (IsOtherContent(tag.Key))
                (others ??= []).Add(tag.Key);
        }

        if (others is not null)
        {
            foreach (string name in others)
                Apply(activity, policy, name);
        }

        if (activity.StatusDescription is { } description && (policy.Redacts || !policy.Capture))
            activity.SetStatus(activity.Status, Masked(policy, description));
    }

    /// <summary>Describes a failed span that has no description, by its exception or by the type of its error.</summary>
    public static void DescribeError(Activity activity, ContentPolicy policy)
    {
        if (activity.Status == ActivityStatusCode.Error && string.IsNullOrEmpty(activity.StatusDescription))
            ErrorTags.Fail(activity, Masked(policy, ExceptionMessage(activity)));
    }

    /// <summary>What an error says as it may leave: errors like to quote the prompt.</summary>
    public static string? Masked(ContentPolicy policy, string? error) =>
        error is null || !policy.Capture ? null : policy.Redact(error, "error");

    /// <summary>Whether a tag holds content for which there is no constant here.</summary>
    public static bool IsOtherContent(string name)
    {
        string[] prefixes = name.Length == 0 ? [] : name[0] switch
        {
            'e' when name.EndsWith(EmbeddedText, StringComparison.Ordinal) => OfEmbeddings,
            'g' => OfGenAI,
            'l' => OfLlm,
            'r' when name.StartsWith("rer", StringComparison.Ordinal) => OfReranker,
            'r' => OfRetrieval,
            't' => OfTraceloop,
            _ => [],
        };
        foreach (string prefix in prefixes)
        {
            // Its last letter first: it tells most names apart.
            if (name.Length >= prefix.Length && name[prefix.Length - 1] == prefix[^1] && name.StartsWith(prefix, StringComparison.Ordinal))
                return name is not (PromptName or PromptVersion);
        }

        return false;
    }

    private static string? ExceptionMessage(Activity activity)
    {
        foreach (ref readonly ActivityEvent recorded in activity.EnumerateEvents())
        {
            if (recorded.Name != General.Exception.EventName)
                continue;

            foreach (ref readonly KeyValuePair<string, object?> tag in recorded.EnumerateTagObjects())
            {
                if (tag.Key == General.Exception.Message && tag.Value is string { Length: > 0 } message)
                    return message;
            }
        }

        return null;
    }

    private static void Apply(Activity activity, ContentPolicy policy, string name)
    {
        if (activity.GetTagItem(name) is not { } value)
            return;

        if (!policy.Capture)
        {
            activity.SetTag(name, null);
            return;
        }

        string text = JsonValue.TextOf(value);
        if (policy.Redacts || text.Length > policy.MaxLength)
        {
            string applied = policy.ApplyToJson(text, name, out bool shortened);
            activity.SetTag(name, applied);
            if (shortened && (name is GenAI.Input.Messages or GenAI.Output.Messages))
            {
                ContentTags.NoteOriginalLength(
                    activity, name is GenAI.Input.Messages ? ContentTags.Direction.Input : ContentTags.Direction.Output, text.Length);
            }
        }
    }
}
