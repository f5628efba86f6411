using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Safety.Tests;

/// <summary>
/// Generated documents: what is masked is valid, of the same shape, and does not change when it is masked again; with vectors and without
/// the same is found. Ten thousand with <c>PANDAPROBE_SAFETY_DOCUMENTS=10000</c>.
/// </summary>
public sealed class JsonDocumentTests
{
    private const int Quick = 1500;

    private static readonly int Documents =
        int.TryParse(Environment.GetEnvironmentVariable("PANDAPROBE_SAFETY_DOCUMENTS"), out int documents) ? documents : Quick;

    [Fact]
    public void Generated_documents_keep_their_shape()
    {
        Samples samples = new(21);
        SensitiveScanner scanner = new(new SafetyOptions().MaskPersonalData());
        int masked = 0;
        for (int i = 0; i < Documents; i++)
        {
            List<string> planted = [];
            JsonNode node = new JsonArray(Node(samples, 3, planted));
            string json =
                node.ToJsonString(
                    new()
                    {
                        WriteIndented = samples.Next(2) == 0,
                        Encoder = samples.Next(2) == 0
                    ? System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null
                    });
            MaskedText once = scanner.Mask(json);
            using JsonDocument before = JsonDocument.Parse(json), after = JsonDocument.Parse(once.Text);
            Shape(after.RootElement).ShouldBe(Shape(before.RootElement), json);
            scanner.Mask(once.Text).Text.ShouldBe(once.Text, json);
            (scanner.Find(json, default, default) ?? []).ShouldBe(scanner.Find(json, default, default, plain: true) ?? [], json);
            string all = Decoded(after.RootElement);
            planted.Where(value => all.Contains(value, StringComparison.Ordinal)).ShouldBeEmpty(json + "\n" + once.Text);
            masked += once.Findings.Count > 0 ? 1 : 0;
            if (planted.Count == 0)
            {
                once.Text.ShouldBeSameAs(json);
            }
        }

        masked.ShouldBeGreaterThan(Documents / 3);
    }

    private static JsonNode? Node(Samples samples, int depth, List<string> planted)
    {
        switch (depth == 0 ? 4 + samples.Next(6) : samples.Next(10))
        {
            case 0 or 1 or 2:
                JsonObject properties = [];
                for (int i = samples.Next(5); i >= 0; i--)
                {
                    properties[samples.Next(8) == 0 ? Plant(samples, planted)
                        : samples.One("a", "name", "items", "result", "text", "n") + i] = Node(samples, depth - 1, planted);
                }

                return properties;
            case 3:
                return new JsonArray([.. Enumerable.Range(0, samples.Next(4)).Select(_ => Node(samples, depth - 1, planted))]);
            case 4:
                return JsonValue.Create(samples.Next(100_000) - 50_000);
            case 5:
                return JsonValue.Create(samples.Next(2) == 0);
            case 6:
                return null;
            case 7:
                return JsonValue.Create(samples.Prose(samples.Next(20)) + samples.One("", "é\"\\\n\t😀", "\u0001"));
            case 8:
                return JsonValue.Create($"{samples.Prose(samples.Next(5))}{samples.One("", "\n", "\"", "(")}{Plant(samples, planted)}{samples.One("", "\"", " ", "\n")}");
            default:
                return samples.Next(3) == 0 && depth > 0 ? JsonValue.Create(Node(samples, depth - 1, planted)?.ToJsonString() ?? "null")
                    : JsonValue.Create(samples.Guid());
        }
    }

    private static string Plant(Samples samples, List<string> planted)
    {
        string value =
            samples.One(samples.Email, () => samples.Card(out _), samples.SocialSecurity, samples.Iban, () => samples.Secret(out _))();
        planted.Add(value);
        return value;
    }

    // The tree of objects and arrays. A number or a string may have become a mask.
    private static string Shape(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", element.EnumerateObject().Select(property => Shape(property.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(",", element.EnumerateArray().Select(Shape)) + "]",
        _ => "v",
    };

    private static string Decoded(JsonElement element)
    {
        StringBuilder text = new();
        Collect(element, text, 0);
        return text.ToString();
    }

    private static void Collect(JsonElement element, StringBuilder text, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    text.AppendLine(property.Name);
                    Collect(property.Value, text, depth);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Collect(item, text, depth);
                }

                break;
            default:
                text.AppendLine(element.ToString());
                break;
        }
    }
}
