namespace PandaProbe.Generators.Shapes;

public static class TraceShapes
{
    internal static readonly Shape[] All =
    [
        new("trace, with all that its attribute says", """
            public sealed class Support
            {
                [ProbeTrace("support", SessionId = "{conversation}", UserId = "user-{user}", Tags = ["production", "v2"])]
                public async Task<string> HandleAsync(string conversation, int user, string question) { await Task.Yield(); return await GenerateAsync(await RetrieveAsync(question)); }
                [ProbeSpan("retrieve", Kind = ProbeSpanKind.Retriever)] private async Task<string[]> RetrieveAsync(string question) { await Task.Yield(); return [question]; }
                [ProbeSpan("generate", Kind = ProbeSpanKind.Llm, Model = "gpt-5.4")] private async Task<string> GenerateAsync(string[] documents) { await Task.Yield(); return "answer"; }
            }
            public static class Shape
            {
                public static async Task Run(Action<string> say) { say(await new Support().HandleAsync("c-1", 7, "why?")); say($"{Probe.CurrentTrace.IsRecording}"); }
            }
            """, """
            TRACE support in={"conversation":"c-1","user":7,"question":"why?"} out=answer session=c-1 user=user-7 tags=production,v2
              RETRIEVER retrieve in={"question":"why?"} out=["why?"] session=c-1 user=user-7 tags=production,v2
              LLM generate in=[{"role":"user","parts":[{"type":"text","content":"{\"documents\":[\"why?\"]}"}]}] out=[{"role":"assistant","parts":[{"type":"text","content":"answer"}],"finish_reason":"stop"}] model=gpt-5.4 session=c-1 user=user-7 tags=production,v2
            """) { Outside = true, },

        new("trace of messages keeps the last of each", """
            public sealed record Reply(string Role, string Content, int Tokens);
            public static class Shape
            {
                [ProbeTrace] public static ProbeMessage[] Chat(IReadOnlyList<ProbeMessage> messages, double temperature) => [.. messages, ProbeMessage.Assistant("one"), ProbeMessage.Assistant("two")];
                [ProbeTrace] public static Reply Ask(List<Dictionary<string, string>> messages) => new("assistant", "fine", 3);
                [ProbeSpan(Kind = ProbeSpanKind.Llm)] public static ProbeMessage Llm(ProbeMessage[] messages) => ProbeMessage.Assistant("all");
                public static Task Run(Action<string> say)
                {
                    ProbeMessage[] messages = [ProbeMessage.System("terse"), ProbeMessage.User("first"), ProbeMessage.User("second")];
                    say($"{Chat(messages, 0.5).Length}");
                    say(Ask([new() { ["role"] = "user", ["content"] = "hi" }]).Content);
                    say(Llm(messages[1..]).Content);
                    return Task.CompletedTask;
                }
            }
            """, """
            TRACE Chat in={"messages":[{"role":"user","content":"second"}]} out={"messages":[{"role":"assistant","content":"two"}]}
            TRACE Ask in={"messages":[{"role":"user","content":"hi"}]} out={"messages":[{"role":"assistant","content":"fine"}]}
            LLM Llm in=[{"role":"user","parts":[{"type":"text","content":"first"}]},{"role":"user","parts":[{"type":"text","content":"second"}]}] out=[{"role":"assistant","parts":[{"type":"text","content":"all"}],"finish_reason":"stop"}]
            """),

        new("trace of a stream, consumed after the call", """
            public static class Shape
            {
                [ProbeSpan("part")] private static string Part(string text) => text;
                [ProbeTrace(SessionId = "s")] public static async IAsyncEnumerable<string> AnswerAsync(string question) { yield return Part("a"); await Task.Yield(); yield return Part("b"); }
                public static async Task Run(Action<string> say)
                {
                    IAsyncEnumerable<string> answer = AnswerAsync("q");
                    await Task.Yield();
                    await foreach (string part in answer) { say(part); Part("outside"); }
                }
            }
            """, """
            TRACE AnswerAsync in={"question":"q"} out=ab session=s
              OTHER part in={"text":"a"} out=a session=s
              OTHER part in={"text":"b"} out=b session=s
            """) { Outside = true },

        new("trace that fails", """
            public static class Shape
            {
                [ProbeSpan] private static int Inner() => throw new TimeoutException("slow");
                [ProbeTrace] public static int Outer() { try { return Inner(); } catch (TimeoutException e) { throw new InvalidOperationException("failed", e); } }
                public static Task Run(Action<string> say) { try { Outer(); } catch (InvalidOperationException e) { say(e.ToString()); } return Task.CompletedTask; }
            }
            """, """
            TRACE Outer error=System.InvalidOperationException: failed
              OTHER Inner error=System.TimeoutException: slow
            """) { Outside = true },

        new("span outside of any trace just runs", """
            public static class Shape
            {
                [ProbeSpan] public static int Plain(int x) => x;
                [ProbeSpan] public static async IAsyncEnumerable<int> StreamAsync() { await Task.Yield(); yield return 1; }
                [ProbeSpan] public static IEnumerable<int> Items() { yield return 1; }
                public static async Task Run(Action<string> say) { say($"{Plain(1)}"); await foreach (int i in StreamAsync()) say($"{i}"); say($"{Items().Count()}"); }
            }
            """, "") { Outside = true },

        new("span outside of any trace, recorded because it says so", """
            public static class Shape
            {
                [ProbeSpan] public static int Inner(int x) => x;
                [ProbeSpan(Kind = ProbeSpanKind.Agent, OutsideTrace = ProbeOutsideTrace.Record)] public static int Own(int x) => Inner(x);
                public static Task Run(Action<string> say) { say($"{Own(1)}"); return Task.CompletedTask; }
            }
            """, """
            AGENT Own in={"x":1} out=1
              OTHER Inner in={"x":1} out=1
            """) { Outside = true },

        new("what the body sets itself wins", """
            public static class Shape
            {
                [ProbeTrace] public static string Ask(string q) { Probe.CurrentTrace.SetInput("mine"); Probe.CurrentTrace.SetOutput("my own"); return "result"; }
                public static Task Run(Action<string> say) { say(Ask("x")); return Task.CompletedTask; }
            }
            """, """TRACE Ask in=mine out=my own"""),

        new("what the body of a model call sets itself wins", """
            public static class Shape
            {
                [ProbeTrace] public static string Ask(string q) => Answer(q);
                [ProbeSpan(Kind = ProbeSpanKind.Llm)] public static string Answer(string q) { Probe.CurrentSpan.SetOutput("my own"); return "result"; }
                public static Task Run(Action<string> say) { say(Ask("x")); return Task.CompletedTask; }
            }
            """, """
            TRACE Ask in={"q":"x"} out=result
              LLM Answer in=[{"role":"user","parts":[{"type":"text","content":"x"}]}] out=[{"role":"assistant","parts":[{"type":"text","content":"my own"}],"finish_reason":"stop"}]
            """),

        new("through a lambda, a local function and a query", """
            public static class Shape
            {
                [ProbeSpan] public static int Twice(int x) => 2 * x;
                public static Task Run(Action<string> say)
                {
                    Func<int, int> f = x => Twice(x);
                    int Local(int x) => Twice(x);
                    int[] squares = [.. from x in new[] { 3 } select Twice(x)];
                    say($"{f(1)} {Local(2)} {squares[0]}");
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Twice in={"x":3} out=6
            OTHER Twice in={"x":1} out=2
            OTHER Twice in={"x":2} out=4
            """),

        new("expression tree and delegate stay as they are", """
            using System.Linq.Expressions;
            public static class Shape
            {
                [ProbeSpan] public static int Twice(int x) => 2 * x;
                public static Task Run(Action<string> say)
                {
                    Expression<Func<int, int>> tree = x => Twice(x);
                    Func<int, int> f = Twice;
                    say($"{tree} {tree.Compile()(1)} {f(2)} {Twice(3)}");
                    return Task.CompletedTask;
                }
            }
            """, """OTHER Twice in={"x":3} out=6"""),

        new("nullable, tuples, dynamic and nested generics", """
            public static class Shape
            {
                [ProbeSpan] public static (int Count, string? Name) Pair((string A, int? B) pair, Dictionary<string, List<int?>>? map) => (1, null);
                [ProbeSpan] public static T? Maybe<T>(T? value) => value;
                [ProbeSpan] public static object Any(object? o) => o ?? "none";
                public static Task Run(Action<string> say) { say($"{Pair(("a", 2), null)} {Maybe<int?>(null)} {Maybe("x")} {Any(null)}"); return Task.CompletedTask; }
            }
            """, """
            OTHER Pair in={"pair":{"Item1":"a","Item2":2},"map":null} out={"Item1":1,"Item2":null}
            OTHER Maybe in={"value":null}
            OTHER Maybe in={"value":"x"} out=x
            OTHER Any in={"o":null} out=none
            """),
    ];
}
