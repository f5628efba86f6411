using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;
using Document = PandaProbe.Content.DocumentsContent.Document;

namespace PandaProbe.Content;

/// <summary>
/// Sets the documents of a retriever as tags: identifiers and scores by the conventions, everything by OpenInference, and as the output of
/// the span for all others.
/// </summary>
internal static class DocumentTags
{
    // Each has up to four tags. Collectors and backends limit the attributes of a span.
    private const int Most = 100;

    private const string CutKey = "documents_left_out_after";

    private static readonly DocumentNames?[] Names = new DocumentNames?[Most];

    public static void Set(Activity activity, IEnumerable<ProbeDocument> documents)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!policy.Capture)
            return;

        Document[] copy = Copy(activity, documents);
        long length = copy.Sum(static document => (long)(document.Content?.Length ?? 0));
        if (length > policy.MaxLength)
            ContentTags.NoteOriginalLength(activity, ContentTags.Direction.Output, (int)Math.Min(length, int.MaxValue));
        if (!policy.Redacts)
            DocumentsContent.Shorten(copy, policy.MaxLength);
        for (int i = 0; i < copy.Length; i++)
            Set(activity, NamesOf(i), copy[i]);
        for (int i = copy.Length; i < Most && Remove(activity, NamesOf(i)); i++)
        {
            // An earlier call had more documents.
        }

        activity.SetTag(GenAI.Retrieval.Documents,
            Array.Exists(copy, static document => document.IsRanked) ? new DocumentsContent(copy, whole: false) : null);
        if (activity.GetTagItem(General.Output.Value) is null or DocumentsContent)
        {
            activity.SetTag(General.Output.Value, new DocumentsContent(copy, whole: true));
            activity.SetTag(General.Output.MimeType, General.MimeTypes.Json);
        }
    }

    private static Document[] Copy(Activity activity, IEnumerable<ProbeDocument> documents)
    {
        List<Document> copy = [];
        try
        {
            foreach (ProbeDocument? document in documents)
            {
                if (copy.Count == Most)
                {
                    FieldTags.SetMetadata(activity, CutKey, Most);
                    break;
                }

                if (document is not null)
                    copy.Add(Copy(document));
            }
        }
        catch (Exception exception)
        {
            // The documents that were read are kept.
            PandaProbeEventSource.Log.TelemetryFailed("reading documents", exception);
        }

        return [.. copy];
    }

    private static Document Copy(ProbeDocument document) => new(
        document.Content, document.Id, document.Score,
        document.Metadata is { Count: > 0 } metadata ? FrozenValue.ToJson(FrozenValue.Of(metadata)) : null);

    private static void Set(Activity activity, DocumentNames names, Document document)
    {
        activity.SetTag(names.Id, document.Id);
        activity.SetTag(names.Content, document.Content);
        activity.SetTag(names.Score, document.Score is { } score && double.IsFinite(score) ? score : null);
        activity.SetTag(names.Metadata, document.Metadata);
    }

    private static bool Remove(Activity activity, DocumentNames names)
    {
        bool any = activity.GetTagItem(names.Id) is not null || activity.GetTagItem(names.Content) is not null;
        if (any)
            Set(activity, names, new(null, null, null, null));
        return any;
    }

    private static DocumentNames NamesOf(int index) => Names[index] ??= new(index);

    private sealed class DocumentNames(int index)
    {
        public string Id { get; } = $"{General.OpenInference.DocumentPrefix}{index}.document.id";

        public string Content { get; } = $"{General.OpenInference.DocumentPrefix}{index}.document.content";

        public string Score { get; } = $"{General.OpenInference.DocumentPrefix}{index}.document.score";

        public string Metadata { get; } = $"{General.OpenInference.DocumentPrefix}{index}.document.metadata";
    }
}
