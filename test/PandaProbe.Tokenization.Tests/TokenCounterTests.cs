using System.Text.Json;

namespace PandaProbe.Tokenization.Tests;

public sealed class TokenCounterTests
{
    [Fact]
    public void Counts_exactly_where_the_encoding_is_known() =>
        TokenCounter.Count("Hello world!", "gpt-4o").ShouldBe(new TokenCount(3, TokenCountMethod.Tiktoken));

    [Theory]
    [InlineData("claude-opus-4", 100, 28)]
    [InlineData("ANTHROPIC.whatever", 100, 28)]
    [InlineData("llama-3-70b", 100, 30)]
    [InlineData("Meta-something", 100, 30)]
    [InlineData("gemini-2.5-pro", 100, 26)]
    [InlineData("google/gemma", 100, 26)]
    [InlineData("mistral-large", 100, 25)]
    [InlineData("mistral-large", 3, 1)]
    [InlineData("mistral-large", 0, 1)]
    public void Estimates_from_the_length_where_it_is_not(string model, int length, int tokens) =>
        TokenCounter.Count(new string('x', length), model).ShouldBe(new TokenCount(tokens, TokenCountMethod.Estimated));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Says_so_when_no_model_is_named(string? model) =>
        TokenCounter.Count(new string('x', 40), model).ShouldBe(new TokenCount(10, TokenCountMethod.Unspecified));

    [Fact]
    public void Counts_what_the_form_of_a_chat_prompt_takes()
    {
        TokenMessage[] messages = [new("system", "You are terse."), new("user", "Hello world!", "alice")];
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        int expected = 3 + tokenizer.CountTokens("system") + tokenizer.CountTokens("You are terse.")
            + 3 + tokenizer.CountTokens("user") + 3 + tokenizer.CountTokens("alice") + 1 + 3;
        TokenCounter.Count(messages, "gpt-4o").ShouldBe(new TokenCount(expected, TokenCountMethod.Tiktoken));
        TokenCounter.Count(Array.Empty<TokenMessage>(), "gpt-4o").Tokens.ShouldBe(3);
        TokenCounter.Count([default(TokenMessage)], "gpt-4o").Tokens.ShouldBe(6);

        // 6, 14, 4, 12 and 5 characters at 3.5, each rounded down.
        TokenCounter.Count(messages, "claude-opus-4")
            .ShouldBe(new TokenCount(3 + 1 + 4 + 3 + 1 + 3 + 1 + 1 + 3, TokenCountMethod.Estimated));
    }

    [Theory]
    [InlineData("mistral", 26)]
    [InlineData("claude-3", 29)]
    public void Estimates_each_field_of_a_chat_prompt_on_its_own(string model, int tokens)
    {
        TokenMessage[] messages = [new("system", "You are a helpful assistant."), new("user", "Explain transformers in a sentence.")];
        TokenCounter.Count(messages, model).ShouldBe(new TokenCount(tokens, TokenCountMethod.Estimated));

        using var prompt = JsonDocument.Parse(
            """[{"role": "system", "content": "You are a helpful assistant."}, {"role": "user", "content": [{"type": "text", "text": "Explain transformers in a sentence."}]}]""");
        TokenCounter.Count(prompt.RootElement, model).ShouldBe(new TokenCount(tokens, TokenCountMethod.Estimated));
    }

    [Fact]
    public void A_field_is_estimated_as_one_token_at_least_and_a_missing_one_as_none()
    {
        TokenCounter.Count([new TokenMessage("u", "a", "b")], "mistral").Tokens.ShouldBe(3 + 1 + 1 + 1 + 1 + 3);
        TokenCounter.Count([default(TokenMessage)], "mistral").Tokens.ShouldBe(3 + 3);
        TokenCounter.Count(Array.Empty<TokenMessage>(), "mistral").Tokens.ShouldBe(3);
    }

    [Theory]
    [InlineData(TokenImageDetail.Low, 4000, 4000, 85)]
    [InlineData(TokenImageDetail.Low, 0, 0, 85)]
    [InlineData(TokenImageDetail.High, 0, 0, 765)]
    [InlineData(TokenImageDetail.Auto, 0, 0, 765)]
    [InlineData(TokenImageDetail.Auto, 512, 512, 85)]
    [InlineData(TokenImageDetail.High, 512, 512, 255)]
    [InlineData(TokenImageDetail.Auto, 513, 512, 425)]
    [InlineData(TokenImageDetail.High, 1024, 1024, 765)]
    [InlineData(TokenImageDetail.High, 2048, 4096, 1105)]
    [InlineData(TokenImageDetail.High, 4096, 8192, 1105)]
    [InlineData(TokenImageDetail.High, 1, 1, 255)]
    public void Counts_the_tiles_of_an_image(TokenImageDetail detail, int width, int height, int tokens) =>
        new TokenImage(detail, width, height).Tokens.ShouldBe(tokens);

    [Fact]
    public void Counts_the_images_of_a_message()
    {
        var text = new TokenMessage("user", "What is this?");
        TokenMessage with = text with { Images = [new(TokenImageDetail.Low), new(TokenImageDetail.High, 1024, 1024)] };
        (TokenCounter.Count([with], "gpt-4o").Tokens - TokenCounter.Count([text], "gpt-4o").Tokens).ShouldBe(85 + 765);
    }

    [Theory]
    [InlineData("\"Hello world!\"", 3)]
    [InlineData("""[{"role": "user", "content": "Hello world!"}]""", 3 + 1 + 3 + 3)]
    [InlineData("""[{"role": "user", "content": "Hello world!", "name": "user"}]""", 3 + 1 + 3 + 1 + 1 + 3)]
    [InlineData("""[{"role": "user", "content": [{"type": "text", "text": "Hello world!"}, {"type": "image_url", "image_url": {"url": "x", "detail": "low"}}]}]""", 3 + 1 + 3 + 85 + 3)]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]""", 3 + 1 + 765 + 3)]
    [InlineData("""[{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]""", 3 + 1 + 3)]
    [InlineData("""[{"role": "user", "content": null}, {}]""", 3 + 1 + 3 + 3)]
    [InlineData("[]", 3)]
    public void Counts_a_prompt_in_JSON(string json, int tokens)
    {
        using var prompt = JsonDocument.Parse(json);
        TokenCounter.Count(prompt.RootElement, "gpt-4o").ShouldBe(new TokenCount(tokens, TokenCountMethod.Tiktoken));
    }

    [Theory]
    [InlineData("1", "string or an array")]
    [InlineData("{}", "string or an array")]
    [InlineData("[1]", "Message 0 is not an object")]
    [InlineData("""[{"role": 1}]""", "'role' in message 0")]
    [InlineData("""[{}, {"content": 1}]""", "content of message 1")]
    [InlineData("""[{"content": [1]}]""", "part of message 0")]
    public void Says_what_is_wrong_with_JSON_of_another_form(string json, string message)
    {
        using var prompt = JsonDocument.Parse(json);
        Should.Throw<JsonException>(() => TokenCounter.Count(prompt.RootElement, "gpt-4o")).Message.ShouldContain(message);
    }

    [Fact]
    public void Null_is_not_a_prompt()
    {
        Should.Throw<ArgumentNullException>(() => TokenCounter.Count((string)null!, "gpt-4o"));
        Should.Throw<ArgumentNullException>(() => TokenCounter.Count((IEnumerable<TokenMessage>)null!, "gpt-4o"));
    }
}
