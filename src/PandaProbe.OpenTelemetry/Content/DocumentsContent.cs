using System.Text.Json;
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
