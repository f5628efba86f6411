using System.Buffers;
using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Processing;
using PandaProbe.Safety;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>Masks the fields of an object one by one, because rules may treat each in its own way.</summary>
internal static class SafeFields
{
    private static readonly string[] Groups = [SafetyFields.Metadata, SafetyFields.ModelParameters];

    /// <param name="scanners">The scanners of the fields.</param>
    /// <param name="kind">The kind of the span; <see langword="null"/> when it has none.</param>
    /// <param name="json">An object.</param>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="prefix">What stands before the names of the fields in rules.</param>
    public static byte[] Mask(FieldScanners scanners, string? kind, ReadOnlyMemory<byte> json, SafetyFindings findings, string prefix)
    {
        using var document = JsonDocument.Parse(json);
        ArrayBufferWriter<byte> buffer = new(json.Length);
        using (Utf8JsonWriter writer = new(buffer, JsonValue.WriterOptions))
            Write(writer, document.RootElement, new(scanners, kind, findings), prefix);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement fields, Context context, string prefix)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        writer.WriteStartObject();
        foreach (JsonProperty property in fields.EnumerateObject())
        {
            string field = prefix + property.Name;
            string name = context.Mask(SafetyFields.Name, property.Name, null);
            string unique = name;
            for (int i = 2; !taken.Add(unique); i++)
                unique = $"{name} ({i})";
            writer.WritePropertyName(unique);
            if (property.Value.ValueKind == JsonValueKind.Object && Groups.Contains(property.Name))
                Write(writer, property.Value, context, field + ".");
            else
                writer.WriteRawValue(context.Mask(field, property.Value.GetRawText(), property.Name), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private readonly record struct Context(FieldScanners Scanners, string? Kind, SafetyFindings Findings)
    {
        public string Mask(string field, string text, string? name)
        {
            SensitiveScanner scanner = Scanners.For(Kind, field);
            MaskedText masked = scanner.Mask(text, name);
            if (masked.Outcome == SafetyOutcome.Clean)
                return text;

            Findings.Add(scanner, masked, _ => field.StartsWith(SafetyFields.Metadata + ".", StringComparison.Ordinal)
                ? SafetyFields.Metadata : field);

            // A value of JSON that cannot be read is withheld as text.
            return name is not null && masked.Outcome == SafetyOutcome.Withheld && !masked.Text.StartsWith(text[0])
                ? $"\"{masked.Text}\""
                : masked.Text;
        }
    }
}
