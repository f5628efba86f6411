using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>The documents of a retriever. Owns the list.</summary>
internal sealed class DocumentsContent(DocumentsContent.Document[] documents, bool whole) : ContentValue
{
    public override long Length => documents.Sum(static document => document.Length);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (Document document in documents)
        {
            // The conventions' schema requires both.
            if (whole || document.IsRanked)
                document.WriteTo(writer, whole);
        }

        writer.WriteEndArray();
    }

    public override object Applied(ContentPolicy policy, string field)
    {
        Document[] applied = Array.ConvertAll(documents, document => document with
        {
            Content = document.Content is { } content ? policy.Redact(content, field) : null,
            Id = document.Id is { } id ? policy.Redact(id, field) : null,
            Metadata = document.Metadata is { } metadata ? policy.ApplyToJson(metadata, field) : null,
        });
        Shorten(applied, policy.MaxLength);
        return new DocumentsContent(applied, whole);
    }

    /// <summary>Cuts the longest contents until all together fit.</summary>
    public static void Shorten(Document[] documents, int maxLength)
    {
        int limit = JsonText.Limit([.. documents.Select(static document => document.Content?.Length ?? 0)], maxLength);
        for (int i = 0; i < documents.Length; i++)
        {
            if (documents[i].Content is { } text)
                documents[i] = documents[i] with { Content = JsonText.Cut(text, limit) };
        }
    }

    internal sealed record Document(string? Content, string? Id, double? Score, string? Metadata)
    {
        /// <summary>Gets whether the document has an identifier and a score that JSON can hold.</summary>
        public bool IsRanked => Id is not null && Score is { } score && double.IsFinite(score);

        public long Length => (Content?.Length ?? 0) + (Id?.Length ?? 0) + (Metadata?.Length ?? 0);

        public void WriteTo(Utf8JsonWriter writer, bool whole)
        {
            writer.WriteStartObject();
            if (Id is not null)
                writer.WriteString("id"u8, Id);
            if (Score is { } score && double.IsFinite(score))
                writer.WriteNumber("score"u8, score);
            if (whole && Content is not null)
                writer.WriteString("content"u8, Content);
            if (whole && Metadata is not null)
            {
                writer.WritePropertyName("metadata"u8);
                new RawJson(Metadata).WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }
}
