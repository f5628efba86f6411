using System.ClientModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Streams;

/// <summary>
/// Records an asynchronous stream of updates. Every enumeration sends a request, so every enumeration is a call of its own.
/// </summary>
internal sealed class TracedAsyncUpdates<T>(AsyncCollectionResult<T> inner, Func<StreamedAnswer<T>> begin) : AsyncCollectionResult<T>
{
    // The method is protected, and the base class calls it on this object. Only the client's own result can read its page, so a delegate
    // forwards the call to it.
    private static readonly Func<AsyncCollectionResult<T>, ClientResult, IAsyncEnumerable<T>> ValuesOf = typeof(AsyncCollectionResult<T>)
        .GetMethod(nameof(GetValuesFromPageAsync), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<AsyncCollectionResult<T>, ClientResult, IAsyncEnumerable<T>>>();

    private readonly ConditionalWeakTable<ClientResult, StreamedAnswer<T>> _open = [];

    public override ContinuationToken? GetContinuationToken(ClientResult page) => inner.GetContinuationToken(page);

    public override IAsyncEnumerable<ClientResult> GetRawPagesAsync() =>
        new RecordedAsyncStream<ClientResult>(
            inner.GetRawPagesAsync(), new CallRecorder<ClientResult, T>(begin, (answer, page) => _open.AddOrUpdate(page, answer)));

    protected override IAsyncEnumerable<T> GetValuesFromPageAsync(ClientResult page) =>
        _open.TryGetValue(page, out StreamedAnswer<T>? answer)
            ? new RecordedAsyncStream<T>(
                ValuesOf(inner, page), new CallRecorder<T, T>(() => answer, static (answer, value) => answer.Read(value), ends: false))
            : ValuesOf(inner, page);
}
