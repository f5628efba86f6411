using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using PandaProbe.Tokenization;

namespace PandaProbe.AspNetCore;

[Collection(RecordedSpans.Tests)]
public sealed class TokenCountingTests
{
    private const string Address = "/v1/token-counting/count";

    [Theory]
    [InlineData("""{"prompt": "Hello world!", "model": "gpt-4o"}""", """{"tokens":3,"method":"tiktoken"}""")]
    [InlineData("""{"prompt": "Hello world!", "model": "claude-opus-4"}""", """{"tokens":3,"method":"estimated"}""")]
    [InlineData("""{"prompt": "Hello world!", "model": "nobody-knows-it"}""", """{"tokens":3,"method":"estimated"}""")]
    [InlineData("""{"prompt": "Hello world!"}""", """{"tokens":3,"method":"unspecified"}""")]
    [InlineData("""{"prompt": "", "model": "gpt-4o"}""", """{"tokens":0,"method":"tiktoken"}""")]

    // 3 for the message, 1 for "user", 3 for the text, 3 at the end.
    [InlineData("""{"prompt": [{"role": "user", "content": "Hello world!"}], "model": "gpt-4o"}""", """{"tokens":10,"method":"tiktoken"}""")]

    // 3 + 3 and 16 characters by 4.0.
    [InlineData("""{"prompt": [{"role": "user", "content": "Hello world!"}], "model": "nobody-knows-it"}""", """{"tokens":10,"method":"estimated"}""")]

    // As above, 85 for the image, 1 for the name "Bob" and 1 for having one.
    [InlineData(
        """{"prompt": [{"role": "user", "name": "Bob", "content": [{"type": "text", "text": "Hello world!"}, {"type": "image_url", "image_url": {"url": "https://x", "detail": "low"}}]}], "model": "gpt-4o"}""",
        """{"tokens":97,"method":"tiktoken"}""")]
    public async Task Answers_how_many_tokens_a_prompt_has(string request, string answer)
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using HttpResponseMessage response = await Post(server, request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("""{"prompt": "Hello""", 400)]
    [InlineData("""{"prompt": "\ud800", "model": "gpt-4o"}""", 400)]
    [InlineData("[]", 422)]
    [InlineData("{}", 422)]
    [InlineData("""{"model": "gpt-4o"}""", 422)]
    [InlineData("""{"prompt": 5, "model": "gpt-4o"}""", 422)]
    [InlineData("""{"prompt": null, "model": "gpt-4o"}""", 422)]
    [InlineData("""{"prompt": "Hello", "model": 5}""", 422)]
    [InlineData("""{"prompt": ["Hello"], "model": "gpt-4o"}""", 422)]
    [InlineData("""{"prompt": [{"role": 5}], "model": "gpt-4o"}""", 422)]
    [InlineData("""{"prompt": [{"role": "user", "content": 5}], "model": "gpt-4o"}""", 422)]
    public async Task Says_what_is_wrong_with_a_request(string request, int status)
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using HttpResponseMessage response = await Post(server, request);
        await ShouldBeProblem(response, status);
    }

    [Theory]
    [InlineData("\"one two three\"", """{"tokens":3,"method":"estimated"}""")]
    [InlineData("""[{"role": "user", "content": "one two"}, {"role": "user", "content": [{"type": "text", "text": "three four"}]}, {"role": "assistant"}]""", """{"tokens":1004,"method":"estimated"}""")]
    [InlineData("""[{"role": "user", "content": [{"type": "text", "text": "Hello world!"}, {"type": "image_url", "image_url": {"url": "https://x", "detail": "low"}}]}]""", """{"tokens":95,"method":"tiktoken"}""")]
    [InlineData("""[{"role": "user", "content": [{"type": "image_url", "text": 5, "image_url": {"url": "https://x", "detail": "low"}}]}]""", """{"tokens":92,"method":"tiktoken"}""")]
    [InlineData("""[{"role": "user", "name": null, "content": "one two"}]""", """{"tokens":1002,"method":"estimated"}""")]
    [InlineData("\"fail\"", """{"tokens":1,"method":"tiktoken"}""")]
    public async Task Asks_the_counter_of_the_options_about_texts(string prompt, string answer)
    {
        await using WebServer server = await WebServer.Start(
            app => app.MapTokenCounting(),
            services => services.AddPandaProbe(options =>
            {
                options.Export = ProbeExport.None;
                options.TokenCounter = new Words();
            }));
        using HttpResponseMessage response = await Post(server, $$"""{"prompt": {{prompt}}, "model": "gpt-4o"}""");

        (await response.Content.ReadAsStringAsync()).ShouldBe(answer);
    }

    [Fact]
    public async Task A_text_that_is_not_unicode_is_a_bad_request()
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using ByteArrayContent content = new([.. "{\"prompt\": \""u8, 0xFF, 0xFE, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage response = await server.Client.PostAsync(Address, content);
        await ShouldBeProblem(response, 400);
    }

    [Fact]
    public async Task A_byte_order_mark_is_passed_over()
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using ByteArrayContent content = new([0xEF, 0xBB, 0xBF, .. """{"prompt": "Hello world!", "model": "gpt-4o"}"""u8]);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage response = await server.Client.PostAsync(Address, content);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"tokens":3,"method":"tiktoken"}""");
    }

    [Theory]
    [InlineData("utf-8", 200)]
    [InlineData("\"UTF-8\"", 200)]
    [InlineData("us-ascii", 200)]
    [InlineData("iso-8859-1", 415)]
    [InlineData("utf-16", 415)]
    public async Task Only_utf8_is_read(string charset, int status)
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using ByteArrayContent content = new("""{"prompt": "Hello"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        using HttpResponseMessage response = await server.Client.PostAsync(Address, content);
        if (status == 200)
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        else
            await ShouldBeProblem(response, status);
    }

    [Fact]
    public async Task A_body_that_the_server_refuses_is_a_problem_too()
    {
        await using WebServer server = await WebServer.Start(
            app => app.MapTokenCounting(),
            services => services.Configure<KestrelServerOptions>(options => options.Limits.MaxRequestBodySize = 1000));
        using HttpResponseMessage response = await Post(server, """{"prompt": "Hello"}""".PadRight(1001), chunked: true);
        await ShouldBeProblem(response, 413);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task Only_json_is_read(string mediaType)
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using HttpResponseMessage response = await Post(server, """{"prompt": "Hello"}""", mediaType);
        await ShouldBeProblem(response, 415);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_beyond_the_limit_is_refused(bool chunked)
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting(maxBodySize: 1000));
        using HttpResponseMessage fits = await Post(server, Padded(1000), chunked: chunked);
        fits.StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage tooLong = await Post(server, Padded(1001), chunked: chunked);
        await ShouldBeProblem(tooLong, 413);

        static string Padded(int length) => """{"prompt": "Hello"}""".PadRight(length);
    }

    [Fact]
    public async Task A_million_characters_are_counted_within_the_default_limit()
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting());
        using HttpResponseMessage response = await Post(server, $$"""{"prompt": "{{new string('a', 1_000_000)}}", "model": "gpt-4o"}""");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldStartWith("""{"tokens":125000,""");
    }

    [Fact]
    public async Task Other_methods_are_not_allowed_and_other_paths_can_be_chosen()
    {
        await using WebServer server = await WebServer.Start(app => app.MapTokenCounting("/count"));
        using HttpResponseMessage get = await server.Client.GetAsync("/count");
        get.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        using HttpResponseMessage elsewhere = await Post(server, """{"prompt": "Hello"}""");
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<HttpResponseMessage> Post(
        WebServer server, string body, string mediaType = "application/json", bool chunked = false)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Address) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        request.Headers.TransferEncodingChunked = chunked;
        return await server.Client.SendAsync(request);
    }

    private static async Task ShouldBeProblem(HttpResponseMessage response, int status)
    {
        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("status").GetInt32().ShouldBe(status);
        problem.RootElement.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.RootElement.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    private sealed class Words : ITokenCounter
    {
        public TokenCount Count(ReadOnlySpan<char> text, string? model) =>
            text is "fail" ? throw new InvalidOperationException()
                : new(text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, TokenCountMethod.Estimated);

        public TokenCount Count(ReadOnlySpan<ProbeMessage> messages, string? model)
        {
            int words = 1000;
            foreach (ProbeMessage message in messages)
                words += Count(message.Content, model).Tokens;
            return new(words, TokenCountMethod.Estimated);
        }
    }
}
