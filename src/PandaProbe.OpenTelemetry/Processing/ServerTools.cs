using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Values;
using JsonValue = PandaProbe.Values.JsonValue;

namespace PandaProbe.Processing;

/// <summary>
/// Rewrites the tools that Anthropic ran, which its package writes like tools of the caller, and counts the web searches among them, which
/// are charged.
/// </summary>
internal static class ServerTools
{
    private const string IdPrefix = "srvtoolu_";
    private const string WebSearch = "web_search";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JsonValue.WriterOptions.Encoder };

    public static void Normalise(Activity activity)
    {
        int searches = Rewrite(activity, GenAI.Output.Messages);
        Rewrite(activity, GenAI.Input.Messages);
        string tag = UsageNames.Of(TokenKind.WebSearches).Tag;
        if (searches > 0 && activity.GetTagItem(tag) is null)
            activity.SetTag(tag, Boxes.Integer(searches));
    }

    private static int Rewrite(Activity activity, string tag)
    {
        if (activity.GetTagItem(tag) is not string json || !json.Contains(IdPrefix, StringComparison.Ordinal))
            return 0;

        try
        {
            var messages = JsonNode.Parse(json);
            Dictionary<string, string> names = [];
            int searches = 0;
            foreach (JsonObject part in PartsOf(messages))
            {
                if (part["id"]?.GetValue<string>() is not { } id || !id.StartsWith(IdPrefix, StringComparison.Ordinal))
                    continue;

                switch (part["type"]?.GetValue<string>())
                {
                    case "tool_call":
                        string name = names[id] = part["name"]?.GetValue<string>() ?? "";
                        Rewrite(part, "server_tool_call", name, "arguments");
                        searches += name == WebSearch ? 1 : 0;
                        break;
                    case "tool_call_response":
                        // A search that failed is not charged.
                        string called = names.GetValueOrDefault(id, "");
                        searches -= called == WebSearch && part["response"] is JsonObject ? 1 : 0;
                        Rewrite(part, "server_tool_call_response", called, "response");
                        break;
                }
            }

            activity.SetTag(tag, messages!.ToJsonString(Relaxed));
            return searches;
        }
        catch (Exception)
        {
            // What is not JSON, or not messages of the conventions, stays as it is.
            return 0;
        }
    }

    private static IEnumerable<JsonObject> PartsOf(JsonNode? messages) => messages is JsonArray list
        ? list.OfType<JsonObject>().SelectMany(message => message["parts"] as JsonArray ?? []).OfType<JsonObject>()
        : [];

    private static void Rewrite(JsonObject part, string type, string name, string content)
    {
        JsonNode? value = part[content];
        part.Remove(content);
        part["type"] = type;
        part[type] = new JsonObject { ["type"] = name, [content] = value };
    }
}
