using System.Text.Json;
using PandaProbe.Processing;
using PandaProbe.Values;

namespace PandaProbe.Content;

public sealed class ContentValueTests
{
    private const string Text = "twelve chars";

    private static readonly Dictionary<string, ContentValue> Values = new()
    {
        [nameof(ConversationContent)] = new ConversationContent([new("user", Text)], isOutput: false),
        [nameof(PartsContent)] = new PartsContent([Part.OfText(Text)]),
        [nameof(TextsContent)] = new TextsContent([Text]),
        [nameof(ForeignAnswer)] = new ForeignAnswer(JsonSerializer.Serialize(Text), "stop"),
    };

    /// <summary>A value that counts for nothing would get past the bound on memory.</summary>
    [Fact]
    public void Every_content_that_a_tag_keeps_counts_at_least_its_texts()
    {
        IEnumerable<Type> kept = typeof(ContentValue).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ContentValue)) && !type.IsNestedPrivate);
        kept.Select(type => type.Name).ShouldBe(Values.Keys, ignoreOrder: true, "a new type of content belongs into this test");
        foreach ((string name, ContentValue value) in Values)
            value.Length.ShouldBeGreaterThanOrEqualTo(Text.Length, name);
    }
}
