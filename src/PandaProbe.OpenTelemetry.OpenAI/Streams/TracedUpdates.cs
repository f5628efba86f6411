using System.ClientModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using PandaProbe.Calls;

namespace PandaProbe.OpenAI.Streams;

/// <summary>A stream of updates, read synchronously. Every reading is a request of its own, and so a call of its own.</summary>
internal sealed class TracedUpdates<T>(CollectionResult<T> inner, Func<ModelCall> start, Func<UpdateReader<T>> newReader) : CollectionResult<T>
{
    // Protected, and the base class's enumerator calls it on us: the delegate calls it on the one who knows how to read a page.
    private static readonly Func<CollectionResult<T>, ClientResult, IEnumerable<T>> ValuesOf = typeof(CollectionResult<T>)
        .GetMethod(nameof(GetValuesFromPage), BindingFlags.Instance | BindingFlags.NonPublic)!
        .CreateDelegate<Func<CollectionResult<T>, ClientResult, IEnumerable<T>>>();

    private readonly ConditionalWeakTable<ClientResult, OpenStream<T>> _open = [];

    public override ContinuationToken? GetContinuationToken(ClientResult page) => inner.GetContinuationToken(page);

    public override IEnumerable<ClientResult> GetRawPages()
    {
        Activity? outside = Activity.Current;
        ModelCall call = start();
        OpenStream<T> stream = new(call, newReader());
        try
        {
            using IEnumerator<ClientResult> pages = stream.Guard(() => inner.GetRawPages().GetEnumerator());
            while (stream.Guard(pages.MoveNext))
            {
                _open.AddOrUpdate(pages.Current, stream);
                Leave(outside);
                yield return pages.Current;
                outside = Activity.Current;
                call.Enter();
            }

            stream.IsComplete = true;
        }
        finally
        {
            outside = ReferenceEquals(Activity.Current, stream.Span) ? outside : Activity.Current;
            call.Enter();
            stream.Finish();
            Leave(outside);
        }
    }

    protected override IEnumerable<T> GetValuesFromPage(ClientResult page)
    {
        if (!_open.TryGetValue(page, out OpenStream<T>? stream))
            return ValuesOf(inner, page);

        return Values(stream, page);
    }

    private IEnumerable<T> Values(OpenStream<T> stream, ClientResult page)
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
                Leave(outside);
            }

            T value = values.Current;
            stream.Read(value);
            yield return value;
        }
    }

    private static void Leave(Activity? outside)
    {
        if (!ReferenceEquals(Activity.Current, outside))
            Activity.Current = outside;
    }
}
