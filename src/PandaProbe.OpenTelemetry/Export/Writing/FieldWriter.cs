using System.Collections;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Processing;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>
/// Writes the fields of one trace or span so that they satisfy the schema: values that are too long are shortened, invalid ones are left
/// out, and both are noted in the metadata.
/// </summary>
internal sealed class FieldWriter(FieldScanners? scanner)
{
    private const int SmallestBudget = 256;

    private readonly JsonDraft _object = new();
    private readonly JsonDraft _value = new();
    private readonly JsonDraft _rewritten = new();
    private int _budget;
    private TextMasking? _view;

    public SpanFields Fields { get; } = new();

    public Utf8JsonWriter Json => _object.Json;

    public void Begin(Activity source, int contentBudget)
    {
        _budget = Math.Max(contentBudget, SmallestBudget);

        // A span that runs is its owner's, and stays as it is.
        _view = source.IsStopped && SpanMasking.TryApply(source, scanner) ? null : TextMasking.Of(source, scanner);
        Fields.Read(source, _view);
        Fields.Notes.AddRange(_view?.Findings.Attributes(source.GetTagItem) ?? []);
        _view?.Findings.Report();
        _object.Clear();
        Json.WriteStartObject();
    }

    /// <summary>What was written since <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> End()
    {
        ReadOnlySpan<byte> written = _object.Storable();
        if (!StorableJson.MayHaveLongNumber(written))
            return written;

        _rewritten.Clear();
        return _rewritten.WriteWithoutLongNumbers(written);
    }

    /// <summary>Begins a value of any size, which <see cref="EndValue"/> shortens.</summary>
    public Utf8JsonWriter BeginValue()
    {
        _value.Clear();
        return _value.Json;
    }

    public void EndValue(string property)
    {
        ReadOnlySpan<byte> written = _value.Written;
        Json.WritePropertyName(property);
        if (JsonText.Fits(written, _budget))
        {
            Json.WriteRawValue(written, skipInputValidation: true);
            return;
        }

        Fields.Note(property + "_original_bytes", written.Length);
        Json.WriteRawValue(JsonText.Shorten(written, _budget), skipInputValidation: true);
    }

    public void Text(string property, string text)
    {
        ValueWriter.WriteString(BeginValue(), text);
        EndValue(property);
    }

    /// <summary>Writes the name of the span.</summary>
    public void Name(Activity source, string otherwise)
    {
        string name = _view?.Name(source.DisplayName) ?? source.DisplayName;
        if (string.IsNullOrWhiteSpace(name))
            name = otherwise;
        if (name.Length > FieldLimits.Name)
        {
            Fields.Note("name_original_length", name.Length);
            name = JsonText.Cut(name, FieldLimits.Name);
        }

        Json.WriteString("name"u8, name);
    }

    /// <summary>A text of at most 255 characters.</summary>
    public void Short(string property, object? value, bool keepDistinct = false)
    {
        if (value is null || ValueWriter.TextOf(value) is not { Length: > 0 } text)
            return;

        if (text.Length > FieldLimits.Short)
        {
            Fields.Note(property + "_original_length", text.Length);
            text = keepDistinct ? Distinct(text) : JsonText.Cut(text, FieldLimits.Short);
        }

        Json.WriteString(property, text);
    }

    public void Tags(object? tags)
    {
        IEnumerable<string?> list = tags switch
        {
            IEnumerable<string> texts => texts,
            string text => [text],
            _ => [],
        };
        string?[] kept = [.. list.Where(tag => !string.IsNullOrEmpty(tag)).Distinct(StringComparer.Ordinal)];
        if (kept.Length == 0)
            return;

        Json.WriteStartArray("tags"u8);
        foreach (string? tag in kept)
            Json.WriteStringValue(tag);
        Json.WriteEndArray();
    }

    public void Parameters()
    {
        if (Fields.Parameters.Count == 0)
            return;

        Json.WriteStartObject("model_parameters"u8);
        foreach ((string? key, object? value) in Fields.Parameters)
        {
            Json.WritePropertyName(key);
            ValueWriter.Write(Json, value);
        }

        Json.WriteEndObject();
    }

    /// <summary>Returns what leaves in place of a text of the span.</summary>
    public object? Safe(string attribute, object? value) => _view is null ? value : _view.Value(attribute, value);

    /// <summary>Returns what leaves in place of the description of the span's status.</summary>
    public string? Status(Activity source) =>
        source.StatusDescription is { } description && _view is not null ? _view.Status(description) : source.StatusDescription;

    public void Metadata()
    {
        if (Fields.Metadata.Count + Fields.Notes.Count == 0)
            return;

        HashSet<string> taken = new(StringComparer.Ordinal);
        Json.WriteStartObject("metadata"u8);
        foreach ((string? key, object? value) in Fields.Metadata)
        {
            taken.Add(key);
            Entry(key, value);
        }

        // Not by foreach: the note that an entry was shortened is added at the end.
        for (int i = 0; i < Fields.Notes.Count; i++)
        {
            (string? key, object? value) = Fields.Notes[i];
            if (taken.Add(key))
                Entry(key, value);
        }

        Json.WriteEndObject();
    }

    private void Entry(string key, object? value)
    {
        if (value is string { Length: <= SmallestBudget } or not (string or ContentValue or IEnumerable or JsonElement))
        {
            Json.WritePropertyName(key);
            ValueWriter.Write(Json, value);
            return;
        }

        ValueWriter.Write(BeginValue(), value);
        EndValue(key);
    }

    /// <summary>The first characters, and a hash of all: two that differ late stay two, in every process.</summary>
    private static string Distinct(string text)
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
        return JsonText.Cut(text, FieldLimits.Short - hash.Length) + hash;
    }
}
