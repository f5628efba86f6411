using System.ComponentModel;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using PandaProbe.Safety;

namespace PandaProbe.Testing.Cassettes;

/// <summary>The seam of <see cref="IChatClient"/>.</summary>
public sealed class ChatClientTests
{
    private const string Planted = "AKIAQXFQZVTB2PQY4VTX";

    [Fact]
    public async Task Updates_are_replayed_one_by_one_and_the_file_has_no_secret()
    {
        using CassetteFolder folder = new();
        using (Cassette cassette = folder.Record())
        {
            using IChatClient chat = cassette.CreateChatClient(new Scripted("The key is ", Planted[..7], Planted[7..], "."));
            (await TextsAsync(chat, $"Is it {Planted}?")).ShouldBe(["The key is ", Planted[..7], Planted[7..], "."]);
        }

        folder.Text.ShouldNotContain(Planted[7..]);
        using Cassette replaying = folder.Replay();
        using IChatClient replayed = replaying.CreateChatClient();
        (await TextsAsync(replayed, $"Is it {Planted}?")).ShouldBe(["The key is ", new SensitiveScanner().Mask(Planted).Text, "", "."]);
        replayed.GetService<ChatClientMetadata>()!.ProviderName.ShouldBe("scripted");
    }

    [Fact]
    public async Task A_changed_tool_or_message_is_shown()
    {
        using CassetteFolder folder = new();
        using (Cassette cassette = folder.Record(name: "agent"))
        {
            using IChatClient chat = cassette.CreateChatClient(new Scripted("Done."));
            await chat.GetResponseAsync("Refund order 7.", new() { Tools = [AIFunctionFactory.Create(Refund)], Temperature = 0 });
        }

        Cassette replaying = folder.Replay(name: "agent");
        using IChatClient replayed = replaying.CreateChatClient();
        CassetteException miss = await Should.ThrowAsync<CassetteException>(
            () => replayed.GetResponseAsync("Refund order 8.", new() { Tools = [AIFunctionFactory.Create(Refund)], Temperature = 1 }));

        miss.Message.Replace(folder.Path, "<folder>").Replace('\\', '/').ShouldBe("""
            No recording answers the 1st call, GetResponse of an IChatClient.

            <folder>/AgentTests.agent.cassette.json:12
            has one recording. It differs first at

              $.messages[0].contents[0].text
                recorded  "Refund order 7."
                now       "Refund order 8."
                                        ^

              and at one more place: $.options.temperature

            If the change is intended, record again:  PANDAPROBE_CASSETTES=record dotnet test
            If a part of it changes with every run:  new CassetteOptions { Rewrite = text => … }
            """);
        folder.Text.ShouldContain("Pays an order back.");
    }

    [Fact]
    public async Task A_value_that_is_no_json_is_told_and_not_recorded()
    {
        using CassetteFolder folder = new();
        using (Cassette cassette = folder.Record())
        {
            using IChatClient chat = cassette.CreateChatClient(new Scripted("Done."));
            (await Should.ThrowAsync<CassetteException>(() => chat.GetResponseAsync(
                "Hi", new() { AdditionalProperties = new() { ["callback"] = new Action(() => { }) } })))
                .Message.ShouldStartWith("The call cannot be recorded, because a value in its ChatOptions cannot be written as JSON: ");
        }

        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exception_of_a_type_that_is_gone_is_replayed_with_its_message()
    {
        using CassetteFolder folder = new();
        using (Cassette cassette = folder.Record(name: "agent"))
        {
            using IChatClient chat = cassette.CreateChatClient(new Scripted(new NotSupportedException("No pictures.")));
            await Should.ThrowAsync<NotSupportedException>(() => chat.GetResponseAsync("Hi"));
        }

        using (Cassette cassette = folder.Replay(name: "agent"))
        {
            using IChatClient chat = cassette.CreateChatClient();
            (await Should.ThrowAsync<NotSupportedException>(() => chat.GetResponseAsync("Hi"))).Message.ShouldBe("No pictures.");
        }

        string file = Directory.GetFiles(folder.Path).Single();
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file)).Replace("System.NotSupportedException", "Gone.GoneException"));
        using Cassette replaying = folder.Replay(name: "agent");
        using IChatClient replayed = replaying.CreateChatClient();
        (await Should.ThrowAsync<CassetteException>(() => replayed.GetResponseAsync("Hi"))).Message
            .ShouldBe("The recorded call failed with Gone.GoneException, and this program cannot make one. Its message is: No pictures.");
    }

    [Description("Pays an order back.")]
    private static string Refund(int order) => $"{order} is paid back";

    private static async Task<List<string>> TextsAsync(IChatClient chat, string question)
    {
        List<string> texts = [];
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(question))
            texts.Add(update.Text);

        return texts;
    }

    private sealed class Scripted(params string[] pieces) : IChatClient
    {
        private readonly Exception? _exception;

        public Scripted(Exception exception) : this() => _exception = exception;

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
                _exception is null
                    ? Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, string.Concat(pieces))))
                    : Task.FromException<ChatResponse>(_exception);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (string piece in pieces)
            {
                await Task.Yield();
                yield return new(ChatRole.Assistant, piece);
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", defaultModelId: "m") : null;

        public void Dispose()
        {
        }
    }
}
