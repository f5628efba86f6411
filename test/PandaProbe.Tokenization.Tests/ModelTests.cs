namespace PandaProbe.Tokenization.Tests;

public sealed class ModelTests
{
    [Theory]
    [InlineData("gpt-4o", "o200k_base")]
    [InlineData("GPT-4o-2024-11-20", "o200k_base")]
    [InlineData("gpt-4o-mini-realtime-preview-2024-12-17", "o200k_base")]
    [InlineData("chatgpt-4o-latest", "o200k_base")]
    [InlineData("gpt-4.1-nano-2025-04-14", "o200k_base")]
    [InlineData("gpt-4.5-preview", "o200k_base")]
    [InlineData("gpt-5", "o200k_base")]
    [InlineData("gpt-5-chat-latest", "o200k_base")]
    [InlineData("gpt-5.4-mini", "o200k_base")]
    [InlineData("gpt-6", "o200k_base")]
    [InlineData("gpt-oss-120b", "o200k_base")]
    [InlineData("o1", "o200k_base")]
    [InlineData("o3-pro-2025-06-10", "o200k_base")]
    [InlineData("o4-mini", "o200k_base")]
    [InlineData("openai/o3-mini", "o200k_base")]
    [InlineData("azure/gpt-4o", "o200k_base")]
    [InlineData("ft:gpt-4o-mini-2024-07-18:acme::abc123", "o200k_base")]
    [InlineData("gpt-4", "cl100k_base")]
    [InlineData("gpt-4-turbo-2024-04-09", "cl100k_base")]
    [InlineData("gpt-4-vision-preview", "cl100k_base")]
    [InlineData("gpt-3.5-turbo-16k-0613", "cl100k_base")]
    [InlineData("gpt-35-turbo", "cl100k_base")]
    [InlineData("gpt-35-turbo-instruct", "cl100k_base")]
    [InlineData("ft:gpt-3.5-turbo:acme", "cl100k_base")]
    [InlineData("text-embedding-ada-002", "cl100k_base")]
    [InlineData("text-embedding-3-large", "cl100k_base")]
    [InlineData("davinci-002", "cl100k_base")]
    [InlineData("babbage-002", "cl100k_base")]
    [InlineData("text-davinci-003", "p50k_base")]
    [InlineData("text-davinci-002", "p50k_base")]
    [InlineData("text-davinci-edit-001", "p50k_base")]
    [InlineData("code-davinci-edit-001", "p50k_base")]
    [InlineData("code-cushman-001", "p50k_base")]
    [InlineData("davinci-codex", "p50k_base")]
    [InlineData("text-davinci-001", "r50k_base")]
    [InlineData("text-ada-001", "r50k_base")]
    [InlineData("davinci", "r50k_base")]
    [InlineData("ada", "r50k_base")]
    [InlineData("text-similarity-curie-001", "r50k_base")]
    [InlineData("text-search-ada-doc-001", "r50k_base")]
    [InlineData("code-search-babbage-code-001", "r50k_base")]
    [InlineData("gpt2", "r50k_base")]
    public void A_model_has_its_encoding(string model, string encoding)
    {
        Tokenizer.ForModel(model).Encoding.ShouldBe(encoding);
        Tokenizer.TryForModel(model, out Tokenizer? tokenizer).ShouldBeTrue();
        tokenizer.ShouldBeSameAs(Tokenizer.ForEncoding(encoding));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("claude-opus-4")]
    [InlineData("gemini-2.5-pro")]
    [InlineData("llama-3-70b")]
    [InlineData("gpt-")]
    [InlineData("gpt-4omni")]
    [InlineData("gpt-j-6b")]
    [InlineData("gpt-neox-20b")]
    [InlineData("o1x")]
    [InlineData("olmo-2")]
    [InlineData("ada-something")]
    [InlineData("davincii")]
    public void Another_model_has_none(string model)
    {
        Tokenizer.TryForModel(model, out Tokenizer? tokenizer).ShouldBeFalse();
        tokenizer.ShouldBeNull();
        Should.Throw<ArgumentException>(() => Tokenizer.ForModel(model)).Message.ShouldContain($"'{model}'");
    }

    [Fact]
    public void Other_names_of_an_encoding_are_known()
    {
        Tokenizer.ForEncoding("gpt2").Encoding.ShouldBe("r50k_base");
        Tokenizer.ForEncoding("p50k_edit").Encoding.ShouldBe("p50k_base");
        Tokenizer.ForEncoding("O200K_BASE").Encoding.ShouldBe("o200k_base");
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Should.Throw<ArgumentNullException>(() => Tokenizer.ForModel(null!));
        Should.Throw<ArgumentNullException>(() => Tokenizer.ForEncoding(null!));
        Should.Throw<ArgumentException>(() => Tokenizer.ForEncoding("o300k_base"))
            .Message.ShouldContain("o200k_base, cl100k_base, p50k_base, r50k_base");
        Tokenizer.TryForModel(null, out _).ShouldBeFalse();
        Tokenizer.TryForEncoding(null, out _).ShouldBeFalse();
        Tokenizer.TryForEncoding("", out _).ShouldBeFalse();

        var tokenizer = Tokenizer.ForModel("gpt-4o");
        Should.Throw<ArgumentNullException>(() => tokenizer.CountTokens((string)null!));
        Should.Throw<ArgumentNullException>(() => tokenizer.Encode((string)null!));
        Should.Throw<ArgumentNullException>(() => tokenizer.Decode(null!));
        Should.Throw<ArgumentNullException>(() => tokenizer.IndexOfTokenLimit((string)null!, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.IndexOfTokenLimit("a", -1));
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.Decode([-1]));
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.Decode([199_998]));
        Should.Throw<ArgumentOutOfRangeException>(() => Tokenizer.ForEncoding("r50k_base").Decode([50_257]));
    }

    [Fact]
    public void Nothing_is_no_tokens()
    {
        var tokenizer = Tokenizer.ForModel("gpt-4o");
        tokenizer.CountTokens("").ShouldBe(0);
        tokenizer.CountTokens(default(ReadOnlySpan<byte>)).ShouldBe(0);
        tokenizer.Encode("").ShouldBeEmpty();
        tokenizer.Decode([]).ShouldBe("");
        tokenizer.IndexOfTokenLimit("", 0).ShouldBe(0);
    }
}
