using System.Collections;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Processing;
using PandaProbe.Safety;
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
    private string? _kind;

    public SpanFields Fields { get; } = new();

    /// <summary>What was found since <see cref="Begin"/>.</summary>
    public SafetyFindings Found { get; } = new();

    public Utf8JsonWriter Json => _object.Json;

    public void Begin(Activity source, int contentBudget)
    {
        _budget = Math.Max(contentBudget, SmallestBudget);
        _kind = SafetyFields.KindOf(source);
        Fields.Read(source);
        Found.Clear();
        _object.Clear();
        Json.WriteStartObject();
    }

    /// <summary>What was written since <see cref="Begin"/>, masked.</summary>
    /// <param name="open">Whether the object still lacks its end.</param>
    public ReadOnlySpan<byte> End(bool open = false)
    {
        ReadOnlySpan<byte> written = SafeJson.MaskObject(scanner, _kind, _object.Storable(), Found, open);
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

    /// <param name="property">The name of the value.</param>
    /// <param name="field">Where findings are counted; <see langword="null"/> for the name.</param>
    public void EndValue(string property, string? field = null)
    {
        ReadOnlySpan<byte> written = _value.Written;
        Json.WritePropertyName(property);
        if (JsonText.Fits(written, _budget))
        {
            Json.WriteRawValue(written, skipInputValidation: true);
            return;
        }

        // A cut card number is no card to a detector, and still one to a reader.
        Fields.Note(property + "_original_bytes", written.Length);
        Json.WriteRawValue(JsonText.Shorten(
            SafeJson.Mask(ScannerOf(field is null ? property : field + "." + property), written, Found, field: field ?? property), _budget),
            skipInputValidation: true);
    }

    public void Text(string property, string text)
    {
        ValueWriter.WriteString(BeginValue(), text);
        EndValue(property);
    }

    public void Name(string? name, string otherwise)
    {
        if (string.IsNullOrWhiteSpace(name))
            name = otherwise;
        if (name.Length > FieldLimits.Name)
        {
            Fields.Note("name_original_length", name.Length);
            name = JsonText.Cut(SafeJson.Text(ScannerOf(SafetyFields.Name), name, findings: Found), FieldLimits.Name);
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
            text = SafeJson.Text(ScannerOf(property), text, property, Found);
            text = text.Length <= FieldLimits.Short ? text : keepDistinct ? Distinct(text) : JsonText.Cut(text, FieldLimits.Short);
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

    /// <summary>Notes what was found when the same object was written before.</summary>
    public void Note(KeyValuePair<string, object?>[] found)
    {
        Fields.Notes.RemoveAll(note => Array.Exists(found, item => item.Key == note.Key));
        Fields.Notes.AddRange(found);
    }

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

    private SensitiveScanner? ScannerOf(string field) => scanner?.For(_kind, field);

    private void Entry(string key, object? value)
    {
        if (value is string { Length: <= SmallestBudget } or not (string or ContentValue or IEnumerable or JsonElement))
        {
            Json.WritePropertyName(key);
            ValueWriter.Write(Json, value);
            return;
        }

        ValueWriter.Write(BeginValue(), value);
        EndValue(key, "metadata");
    }

    /// <summary>The first characters, and a hash of all: two that differ late stay two, in every process.</summary>
    private static string Distinct(string text)
    {
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
        return JsonText.Cut(text, FieldLimits.Short - hash.Length) + hash;
    }
}
