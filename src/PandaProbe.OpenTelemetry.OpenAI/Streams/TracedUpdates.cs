using System.ClientModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Streams;

/// <summary>A stream of updates, read synchronously. Every reading is a request of its own, and so a call of its own.</summary>
internal sealed class TracedUpdates<T>(CollectionResult<T> inner, Func<ModelCall> start, Func<ModelCall, AnswerReader<T>> newReader) : CollectionResult<T>
{
    // Protected, and the base class's enumerator calls it on us: the delegate calls it on the one who knows how to read a page.
    private static readonly Func<CollectionResult<T>, ClientResult, IEnumerable<T>> ValuesOf = typeof(CollectionResult<T>)
        .GetMethod(nameof(GetValuesFromPage), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<CollectionResult<T>, ClientResult, IEnumerable<T>>>();

    private readonly ConditionalWeakTable<ClientResult, StreamedCall<T>> _open = [];

    public override ContinuationToken? GetContinuationToken(ClientResult page) => inner.GetContinuationToken(page);

    public override IEnumerable<ClientResult> GetRawPages()
    {
        Activity? outside = Activity.Current;
        ModelCall call = start();
        Activity? inside = Activity.Current;
        StreamedCall<T> stream = new(call, newReader(call));
        try
        {
            using IEnumerator<ClientResult> pages = stream.Guard(() => inner.GetRawPages().GetEnumerator());
            while (stream.Guard(pages.MoveNext))
            {
                _open.AddOrUpdate(pages.Current, stream);
                call.Leave(outside);
                yield return pages.Current;
                outside = Activity.Current;
                call.Enter();
            }

            stream.Complete();
        }
        finally
        {
            outside = ReferenceEquals(Activity.Current, inside) ? outside : Activity.Current;
            call.Enter();
            stream.Finish();
            call.Leave(outside);
        }
    }

    protected override IEnumerable<T> GetValuesFromPage(ClientResult page)
    {
        if (!_open.TryGetValue(page, out StreamedCall<T>? stream))
            return ValuesOf(inner, page);

        return Values(stream, page);
    }

    private IEnumerable<T> Values(StreamedCall<T> stream, ClientResult page)
    {
        using IEnumerator<T> values = ValuesOf(inner, page).GetEnumerator();
        while (true)
        {
            Activity? outside = Activity.Current;
            stream.Call.Enter();
            try
            {
                if (!stream.Guard(values.MoveNext))
                    break;
            }
            finally
            {
                stream.Call.Leave(outside);
            }

            T value = values.Current;
            stream.Read(value);
            yield return value;
        }
    }
}
