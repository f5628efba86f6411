using System.Collections;
using System.Diagnostics;
using System.Text.Json.Serialization;

namespace PandaProbe.Interception;

/// <summary>A sequence whose enumeration is the call: each one a call of its own. Nothing runs before somebody asks for the first item.</summary>
internal sealed class TracedSequence<T>(ProbeCall call, IEnumerable<T> items, JsonSerializerContext? json) : IEnumerable<T>
{
    private int _enumerated;

    [StackTraceHidden]
    public IEnumerator<T> GetEnumerator() =>
        new Enumerator(Interlocked.Exchange(ref _enumerated, 1) == 0 ? call : call.Again(), items.GetEnumerator(), json);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator(ProbeCall call, IEnumerator<T> items, JsonSerializerContext? json) : IEnumerator<T>
    {
        private readonly SequenceCall _call = new(call, CollectedItems.IsStreamOfText<T>(call.Site.Kind) && call.Site.Kind == ProbeSpanKind.Llm);

        public T Current => items.Current;

        object? IEnumerator.Current => items.Current;

        [StackTraceHidden]
        public bool MoveNext()
        {
            if (!_call.Enter())
                return items.MoveNext();

            bool moved = false;
            try
            {
                moved = items.MoveNext();
                if (moved)
                    _call.Add(items.Current, json);
                return moved;
            }
            catch (Exception exception) when (_call.Saw(exception))
            {
                throw;
            }
            finally
            {
                _call.Exit(ended: !moved);
            }
        }

        [StackTraceHidden]
        public void Dispose()
        {
            if (!_call.EnterAgain())
            {
                items.Dispose();
                return;
            }

            try
            {
                items.Dispose();
            }
            catch (Exception exception) when (_call.Saw(exception))
            {
                throw;
            }
            finally
            {
                _call.Exit(ended: true);
            }
        }

        public void Reset() => items.Reset();
    }
}
