using System.ClientModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Streams;

/// <summary>
/// Records a synchronous stream of updates. Every enumeration sends a request, so every enumeration is a call of its own.
/// </summary>
internal sealed class TracedUpdates<T>(CollectionResult<T> inner, Func<StreamedAnswer<T>> begin) : CollectionResult<T>
{
    // The method is protected, and the base class calls it on this object. Only the client's own result can read its page, so a delegate
    // forwards the call to it.
    private static readonly Func<CollectionResult<T>, ClientResult, IEnumerable<T>> ValuesOf = typeof(CollectionResult<T>)
        .GetMethod(nameof(GetValuesFromPage), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<CollectionResult<T>, ClientResult, IEnumerable<T>>>();

    private readonly ConditionalWeakTable<ClientResult, StreamedAnswer<T>> _open = [];

    public override ContinuationToken? GetContinuationToken(ClientResult page) => inner.GetContinuationToken(page);

    public override IEnumerable<ClientResult> GetRawPages() =>
        new RecordedStream<ClientResult>(
            inner.GetRawPages(), new CallRecorder<ClientResult, T>(begin, (answer, page) => _open.AddOrUpdate(page, answer)));

    protected override IEnumerable<T> GetValuesFromPage(ClientResult page) =>
        _open.TryGetValue(page, out StreamedAnswer<T>? answer)
            ? new RecordedStream<T>(
                ValuesOf(inner, page), new CallRecorder<T, T>(() => answer, static (answer, value) => answer.Read(value), ends: false))
            : ValuesOf(inner, page);
}
