namespace PandaProbe.Generators.Shapes;

public static class SequenceShapes
{
    internal static readonly Shape[] All =
    [
        new("iterator: nothing runs before it is enumerated", """
            public static class Shape
            {
                public static Action<string> Say = null!;
                [ProbeSpan("child")] private static int Child(int n) => n;
                [ProbeSpan] public static IEnumerable<int> Count(int to) { Say("begin"); try { for (int i = 1; i <= to; i++) { Say("make"); yield return Child(i); } } finally { Say("end"); } }
                public static Task Run(Action<string> say)
                {
                    Say = say;
                    IEnumerable<int> items = Count(2);
                    say("called");
                    foreach (int i in items) say($"got {i}");
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Count in={"to":2} out=[1,2]
              OTHER child in={"n":1} out=1
              OTHER child in={"n":2} out=2
            """),

        new("iterator: left early, enumerated twice, never", """
            public static class Shape
            {
                public static Action<string> Say = null!;
                [ProbeSpan] public static IEnumerable<string> Words() { try { yield return "a"; yield return "b"; } finally { Say("closed"); } }
                public static Task Run(Action<string> say)
                {
                    Say = say;
                    _ = Words();
                    IEnumerable<string> words = Words();
                    foreach (string word in words) { say(word); break; }
                    say(string.Join(",", words));
                    say(words.First());
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Words out=["a"]
            OTHER Words out=["a","b"]
            OTHER Words out=["a"]
            """),

        new("iterator: an exception inside, and one of the consumer", """
            public static class Shape
            {
                [ProbeSpan] public static IEnumerable<int> Some(bool fail) { yield return 1; if (fail) throw new InvalidOperationException("inside"); yield return 2; }
                public static Task Run(Action<string> say)
                {
                    try { foreach (int i in Some(true)) say($"{i}"); } catch (InvalidOperationException e) { say(e.ToString()); }
                    try { foreach (int i in Some(false)) throw new FormatException("outside"); } catch (FormatException e) { say(e.Message); }
                    return Task.CompletedTask;
                }
            }
            """, """
            OTHER Some in={"fail":true} out=[1] error=System.InvalidOperationException: inside
            OTHER Some in={"fail":false} out=[1]
            """),

        new("iterator: what is current belongs to each side", """
            using System.Diagnostics;
            public static class Shape
            {
                [ProbeSpan("step")] private static void Step(string who) { }
                [ProbeSpan] public static IEnumerable<int> Items() { Step("inside"); yield return 1; Step("inside"); }
                public static Task Run(Action<string> say) { foreach (int i in Items()) Step("consumer"); say("end"); return Task.CompletedTask; }
            }
            """, """
            OTHER Items out=[1]
              OTHER step in={"who":"inside"}
              OTHER step in={"who":"inside"}
            OTHER step in={"who":"consumer"}
            """),

        new("collection behind IEnumerable stays what it is", """
            public static class Shape
            {
                [ProbeSpan("search")] private static string[] Search(string q) => [q];
                [ProbeSpan(Kind = ProbeSpanKind.Retriever)] public static IEnumerable<string> Find(string q) { string[] found = Search(q); return found; }
                public static Task Run(Action<string> say) { say($"{Find("x") is string[]} {Find("y").Count()}"); return Task.CompletedTask; }
            }
            """, """
            RETRIEVER Find in={"q":"x"} out=["x"]
              OTHER search in={"q":"x"} out=["x"]
            RETRIEVER Find in={"q":"y"} out=["y"]
              OTHER search in={"q":"y"} out=["y"]
            """),

        new("query behind IEnumerable", """
            public static class Shape
            {
                [ProbeSpan("map")] private static int Map(int x) => x * 2;
                [ProbeSpan] public static IEnumerable<int> Doubled(int[] items) => items.Select(x => Map(x));
                public static Task Run(Action<string> say) { say(string.Join(",", Doubled([1, 2]))); return Task.CompletedTask; }
            }
            """, """
            OTHER Doubled in={"items":[1,2]} out=[2,4]
              OTHER map in={"x":1} out=2
              OTHER map in={"x":2} out=4
            """),

        new("asynchronous iterator", """
            public static class Shape
            {
                public static Action<string> Say = null!;
                [ProbeSpan("child")] private static async Task<int> ChildAsync(int n) { await Task.Yield(); return n; }
                [ProbeSpan] public static async IAsyncEnumerable<int> CountAsync(int to) { Say("begin"); for (int i = 1; i <= to; i++) yield return await ChildAsync(i); await Task.Yield(); Say("end"); }
                public static async Task Run(Action<string> say)
                {
                    Say = say;
                    IAsyncEnumerable<int> items = CountAsync(2);
                    say("called");
                    await foreach (int i in items) { say($"got {i}"); await ChildAsync(-i); }
                }
            }
            """, """
            OTHER CountAsync in={"to":2} out=[1,2]
              OTHER child in={"n":1} out=1
              OTHER child in={"n":2} out=2
            OTHER child in={"n":-1} out=-1
            OTHER child in={"n":-2} out=-2
            """),

        new("stream of a model's text", """
            public static class Shape
            {
                [ProbeSpan(Kind = ProbeSpanKind.Llm, Model = "gpt-5.4")] public static async IAsyncEnumerable<string> AnswerAsync(string prompt) { yield return "Hel"; await Task.Yield(); yield return "lo"; }
                public static async Task Run(Action<string> say) { await foreach (string part in AnswerAsync("hi").ConfigureAwait(false)) say(part); }
            }
            """, """LLM AnswerAsync in=[{"role":"user","parts":[{"type":"text","content":"hi"}]}] out=[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}] model=gpt-5.4"""),

        new("asynchronous iterator, cancelled by its consumer", """
            using System.Runtime.CompilerServices;
            public static class Shape
            {
                [ProbeSpan] public static async IAsyncEnumerable<int> EndlessAsync([EnumeratorCancellation] CancellationToken ct = default) { for (int i = 1; ; i++) { await Task.Yield(); ct.ThrowIfCancellationRequested(); yield return i; } }
                public static async Task Run(Action<string> say)
                {
                    using CancellationTokenSource source = new();
                    try { await foreach (int i in EndlessAsync().WithCancellation(source.Token)) { say($"{i}"); if (i == 2) source.Cancel(); } }
                    catch (OperationCanceledException e) { say($"{e.CancellationToken == source.Token} {e}"); }
                }
            }
            """, """OTHER EndlessAsync out=[1,2] error=System.OperationCanceledException: The operation was canceled."""),

        new("asynchronous iterator, left early", """
            public static class Shape
            {
                public static Action<string> Say = null!;
                [ProbeSpan("cleanup")] private static async Task CleanAsync() { await Task.Yield(); Say("clean"); }
                [ProbeSpan] public static async IAsyncEnumerable<int> ItemsAsync() { try { yield return 1; yield return 2; } finally { await CleanAsync(); } }
                public static async Task Run(Action<string> say) { Say = say; await foreach (int i in ItemsAsync()) { say($"{i}"); break; } say("after"); }
            }
            """, """
            OTHER ItemsAsync out=[1]
              OTHER cleanup
            """),

        new("asynchronous iterator that fails", """
            public static class Shape
            {
                [ProbeSpan] public static async IAsyncEnumerable<int> ItemsAsync(bool late) { if (late) await Task.Yield(); yield return 1; throw new InvalidOperationException("inside"); }
                public static async Task Run(Action<string> say)
                {
                    foreach (bool late in new[] { false, true })
                        try { await foreach (int i in ItemsAsync(late)) say($"{i}"); } catch (InvalidOperationException e) { say(e.ToString()); }
                }
            }
            """, """
            OTHER ItemsAsync in={"late":false} out=[1] error=System.InvalidOperationException: inside
            OTHER ItemsAsync in={"late":true} out=[1] error=System.InvalidOperationException: inside
            """),

        new("asynchronous sequence whose method checks its arguments", """
            public static class Shape
            {
                [ProbeSpan] public static IAsyncEnumerable<int> ItemsAsync(string q) { ArgumentException.ThrowIfNullOrEmpty(q); return Inner(); static async IAsyncEnumerable<int> Inner() { await Task.Yield(); yield return 1; } }
                public static async Task Run(Action<string> say)
                {
                    try { ItemsAsync(""); } catch (ArgumentException e) { say(e.ToString()); }
                    await foreach (int i in ItemsAsync("x")) say($"{i}");
                }
            }
            """, """
            OTHER ItemsAsync in={"q":""} error=System.ArgumentException: The value cannot be an empty string. (Parameter 'q')
            OTHER ItemsAsync in={"q":"x"} out=[1]
            """),
    ];
}
