using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PandaProbe.Testing.Cassettes;
using PandaProbe.Testing.Cassettes.Chat;
using PandaProbe.Testing.Cassettes.Http;

namespace PandaProbe.Testing;

/// <summary>Records model calls once and replays them for ever, from a readable file beside the test. A replayed call costs nothing, needs
/// neither key nor network, and gives the same answer, spans, tokens, cost and exceptions as the real one. A call that is not in the file
/// fails and shows where it differs from the nearest recording.</summary>
/// <remarks>
/// Recording: <c>PANDAPROBE_CASSETTES=record dotnet test</c>. Review and commit the file as you do with code. Keys, cookies, ids of
/// organisations and other secrets are masked before anything is written. A cassette can be used from many threads.
/// </remarks>
/// <example><code>
/// [Fact]
/// public async Task The_agent_finds_the_capital()
/// {
///     using var cassette = Cassette.Open();
///     var client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions
///     {
///         Transport = new HttpClientPipelineTransport(cassette.CreateHttpClient()),
///     });
///
///     string answer = await new Agent(client).AskAsync("Which city is the capital of France?");
/// }
/// </code></example>
public sealed class Cassette : IDisposable
{
    private readonly CassetteCalls _calls;
    private readonly CassetteOptions _options;
    private bool _isDisposed;

    private Cassette(string path, CassetteMode mode, CassetteOptions options)
    {
        Path = path;
        Mode = mode;
        _options = options;
        if (options.ComparedHeaders.FirstOrDefault(HeaderRules.IsSecret) is { } secret)
        {
            throw new CassetteException(
                $"The header {secret} carries a secret. It cannot be compared, because it would have to be written into the cassette.");
        }

        _calls = new(path, mode, options);
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>Gets what happens to a call, after a look at the options, the environment and the build server.</summary>
    public CassetteMode Mode { get; }

    /// <summary>Opens the cassette of a test: <c>AgentTests.The_agent_finds_the_capital.cassette.json</c> in the folder
    /// <c>Cassettes</c> beside <c>AgentTests.cs</c>. A file that is not there is an empty one.</summary>
    /// <param name="name">The name of the cassette. Null takes the name of the test's method. Give one where several tests share a method,
    /// as the rows of a theory do.</param>
    /// <param name="options">The options. Null for the defaults. Change them before, not after this call.</param>
    /// <param name="sourceFile">Set by the compiler.</param>
    /// <param name="member">Set by the compiler.</param>
    /// <returns>The cassette. Dispose it: that writes what was recorded.</returns>
    /// <exception cref="CassetteException">The file is no cassette, or <c>PANDAPROBE_CASSETTES</c> has another value than the three
    /// modes.</exception>
    public static Cassette Open(
        string? name = null, CassetteOptions? options = null, [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string member = "") =>
            Open(name ?? member, options ?? new(), sourceFile, Environment.GetEnvironmentVariable);

    /// <summary>Makes a handler for the HTTP calls of any SDK. It fits into <c>new HttpClient(handler)</c>, into
    /// <c>AddHttpMessageHandler</c> of <c>IHttpClientFactory</c> and into <c>AnthropicClient.Handlers</c>.</summary>
    /// <param name="inner">What sends calls that are recorded. Null takes a <see cref="SocketsHttpHandler"/>, which is made only when
    /// something is sent.</param>
    /// <returns>The handler.</returns>
    public DelegatingHandler CreateHandler(HttpMessageHandler? inner = null)
    {
        CassetteHandler handler = new(_calls, new([.. _options.ComparedHeaders], _calls.Form, _calls.Mask));
        if (inner is not null)
            handler.InnerHandler = inner;

        return handler;
    }

    /// <summary>Makes a client for the HTTP calls of any SDK.</summary>
    /// <param name="inner">What sends calls that are recorded. Null takes a <see cref="SocketsHttpHandler"/>, which is made only when
    /// something is sent.</param>
    /// <returns>The client.</returns>
    public HttpClient CreateHttpClient(HttpMessageHandler? inner = null) => new(CreateHandler(inner));

    /// <summary>Wraps a chat client, for clients that do not call over HTTP or that a test cannot give a handler. Wrap the client of the
    /// provider itself: what is around the cassette, such as function invocation and tracing, runs in every mode.</summary>
    /// <param name="inner">What is asked when a call is recorded. Null where calls are only replayed, so that no key is needed.</param>
    /// <returns>The client. <see cref="ChatResponse.RawRepresentation"/> is null in replayed answers.</returns>
    public IChatClient CreateChatClient(IChatClient? inner = null) => new CassetteChatClient(_calls, inner);

    /// <summary>Checks that every recording in the file answered a call of this cassette. A recording that nobody asks for is of a call
    /// that the program no longer makes. Tests that share a file cannot use it, because each asks for a part only.</summary>
    /// <exception cref="ProbeAssertionException">A recording was not asked for. The message names all of them.</exception>
    /// <example><code>
    /// using var cassette = Cassette.Open();
    /// await agent.RunAsync(cassette.CreateHttpClient());
    /// cassette.ShouldBeUsed();
    /// </code></example>
    public void ShouldBeUsed() => _calls.ShouldBeUsed();

    /// <summary>Writes what was recorded. Calls that got no answer, such as those that were cancelled, are not in it.</summary>
    /// <exception cref="CassetteException">A call found no recording. It was thrown to the caller already, and is thrown once more because
    /// many agents swallow exceptions of their tools and models.</exception>
    public void Dispose()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        _calls.Finish();
    }

    internal static Cassette Open(string name, CassetteOptions options, string sourceFile, Func<string, string?> environment)
    {
        string file = SourceFolder.FileName(sourceFile, name, ".cassette.json");
        string path = options.Folder is { } given
            ? System.IO.Path.GetFullPath(System.IO.Path.Combine(given, file))
            : SourceFolder.PathBeside(sourceFile, "Cassettes", file) ?? throw new CassetteException(
                $"The cassette cannot be found, because the source of its test is not on this machine:\n{sourceFile}\n\n"
                + "Name the folder of the cassettes:  new CassetteOptions { Folder = … }");
        return new(path, CassetteEnvironment.Mode(options, environment), options);
    }
}
