using System.Text.Json;

namespace PandaProbe.Local.Reading;

/// <summary>Reads retrieved documents in the shapes that instrumentations write.</summary>
internal static class Documents
{
    private static readonly string[] Lists = ["documents", "results", "matches", "hits", "nodes", "chunks"];

    /// <summary>Returns the documents of a list, or of an object around one; none when the elements are no documents.</summary>
    public static IReadOnlyList<ReadDocument> Read(JsonElement json)
    {
        foreach (string name in Lists)
        {
            if (json.Get(name).IsArray())
                return Read(json.Get(name));
        }

        if (!json.IsArray())
            return [];

        List<ReadDocument> documents = [];
        foreach (JsonElement item in json.EnumerateArray().Take(ReadLimits.Items))
        {
            // OpenInference puts each document into a property.
            JsonElement document = item.First("document", "node") is { ValueKind: JsonValueKind.Object } inner ? inner : item;
            if (document.ValueKind == JsonValueKind.String)
            {
                documents.Add(new ReadDocument(null, document.GetString(), null, null));
                continue;
            }

            string? content = document.First("content", "page_content", "pageContent", "text", "snippet").TextOrJson();
            string? id = document.Text("id", "document_id", "doc_id");
            if (content is null && id is null)
                return [];

            documents.Add(new ReadDocument(id, content, Score(item) ?? Score(document), document.First("metadata").TextOrJson()));
        }

        return documents;
    }

    private static double? Score(JsonElement json) =>
        json.First("score", "relevance_score", "similarity") is { ValueKind: JsonValueKind.Number } score
            && score.TryGetDouble(out double value) && double.IsFinite(value) ? value : null;
}
