using System.ClientModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Streams;

/// <summary>A stream of updates, read synchronously. Every reading is a request of its own, and so a call of its own.</summary>
internal sealed class TracedUpdates<T>(CollectionResult<T> inner, Func<StreamedAnswer<T>> begin) : CollectionResult<T>
{
    // Protected, and the base class's enumerator calls it on us: the delegate calls it on the client's own result, which knows how to read a page.
    private static readonly Func<CollectionResult<T>, ClientResult, IEnumerable<T>> ValuesOf = typeof(CollectionResult<T>)
        .GetMethod(nameof(GetValuesFromPage), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<CollectionResult<T>, ClientResult, IEnumerable<T>>>();

    private readonly ConditionalWeakTable<ClientResult, StreamedAnswer<T>> _open = [];

    public override ContinuationToken? GetContinuationToken(ClientResult page) => inner.GetContinuationToken(page);

    public override IEnumerable<ClientResult> GetRawPages() =>
        new RecordedStream<ClientResult>(inner.GetRawPages(), new CallRecorder<ClientResult, T>(begin, (answer, page) => _open.AddOrUpdate(page, answer)));

    protected override IEnumerable<T> GetValuesFromPage(ClientResult page) =>
        _open.TryGetValue(page, out StreamedAnswer<T>? answer)
            ? new RecordedStream<T>(ValuesOf(inner, page), new CallRecorder<T, T>(() => answer, static (answer, value) => answer.Read(value), ends: false))
            : ValuesOf(inner, page);
}
