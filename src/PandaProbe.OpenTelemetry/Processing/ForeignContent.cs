using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Applies the content policy to spans of other libraries. Events of an ended span cannot be changed, so the exporter to PandaProbe masks
/// what it takes from them.
/// </summary>
internal static class ForeignContent
{
    // The name and version of a prompt's template are no content.
    private const string PromptName = "gen_ai.prompt.name";
    private const string PromptVersion = "gen_ai.prompt.version";

    private const string EmbeddedText = ".text";

    private static readonly string[] Names =
    [
        GenAI.Input.Messages, GenAI.Output.Messages, GenAI.SystemInstructions, GenAI.Tool.Definitions, GenAI.Tool.Call.Arguments,
        GenAI.Tool.Call.Result, General.Input.Value, General.Output.Value,
    ];

    // Content that this library exports without reading it: older conventions, retrievals, OpenLLMetry and OpenInference. One list for each
    // first letter.
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

        // The names are collected first, because tags must not change while they are enumerated.
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

    /// <summary>
    /// Redacts the text of an error, because errors often quote the prompt. Null without <see cref="ContentPolicy.Capture"/>.
    /// </summary>
    public static string? Masked(ContentPolicy policy, string? error) =>
        error is null || !policy.Capture ? null : policy.Redact(error, "error");

    /// <summary>Whether a tag that has no constant here holds content.</summary>
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
            // Most names differ in the last letter of the prefix, which is quick to compare.
            if (name.Length >= prefix.Length && name[prefix.Length - 1] == prefix[^1] && name.StartsWith(prefix, StringComparison.Ordinal))
                return name is not (PromptName or PromptVersion);
        }

        return false;
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
