using System.ClientModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Streams;

/// <summary>A stream of updates, read asynchronously. Every reading is a request of its own, and so a call of its own.</summary>
internal sealed class TracedAsyncUpdates<T>(AsyncCollectionResult<T> inner, Func<ModelCall> start, Func<ModelCall, AnswerReader<T>> newReader) : AsyncCollectionResult<T>
{
    private static readonly Func<AsyncCollectionResult<T>, ClientResult, IAsyncEnumerable<T>> ValuesOf = typeof(AsyncCollectionResult<T>)
        .GetMethod(nameof(GetValuesFromPageAsync), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<AsyncCollectionResult<T>, ClientResult, IAsyncEnumerable<T>>>();

    private readonly ConditionalWeakTable<ClientResult, StreamedCall<T>> _open = [];

    public override ContinuationToken? GetContinuationToken(ClientResult page) => inner.GetContinuationToken(page);

    public override IAsyncEnumerable<ClientResult> GetRawPagesAsync() => Pages();

    protected override IAsyncEnumerable<T> GetValuesFromPageAsync(ClientResult page) =>
        _open.TryGetValue(page, out StreamedCall<T>? stream) ? Values(stream, page) : ValuesOf(inner, page);

    // What runs here between two items runs in the context of whoever asks for the next one, and leaves no trace in it.
    private async IAsyncEnumerable<ClientResult> Pages([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ModelCall call = start();
        StreamedCall<T> stream = new(call, newReader(call));
        try
        {
            IAsyncEnumerator<ClientResult> pages = stream.Guard(() => inner.GetRawPagesAsync().GetAsyncEnumerator(cancellationToken));
            try
            {
                while (true)
                {
                    call.Enter();
                    try
                    {
                        if (!await pages.MoveNextAsync().ConfigureAwait(false))
                            break;
                    }
                    catch (Exception exception) when (stream.Failed(exception))
                    {
                        throw;
                    }

                    _open.AddOrUpdate(pages.Current, stream);
                    yield return pages.Current;
                }

                stream.Complete();
            }
            finally
            {
                call.Enter();
                await pages.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            call.Enter();
            stream.Finish();
        }
    }

    private async IAsyncEnumerable<T> Values(StreamedCall<T> stream, ClientResult page, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IAsyncEnumerator<T> values = ValuesOf(inner, page).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                stream.Call.Enter();
                try
                {
                    if (!await values.MoveNextAsync().ConfigureAwait(false))
                        break;
                }
                catch (Exception exception) when (stream.Failed(exception))
                {
                    throw;
                }

                T value = values.Current;
                stream.Read(value);
                yield return value;
            }
        }
        finally
        {
            await values.DisposeAsync().ConfigureAwait(false);
        }
    }
}
