using System.Runtime.CompilerServices;

namespace WebApi;

/// <summary>Stands in for your provider's streaming client.</summary>
internal static class ScriptedModel
{
    public static async IAsyncEnumerable<string> AnswerAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (string word in (string[])["It", " ends", " in", " the", " North", " Sea."])
        {
            await Task.Delay(20, cancellation);
            yield return word;
        }
    }
}
