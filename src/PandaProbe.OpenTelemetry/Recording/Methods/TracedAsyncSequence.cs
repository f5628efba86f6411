using System.Diagnostics;
using System.Text.Json.Serialization;
using System.Threading.Tasks.Sources;

namespace PandaProbe.Interception;

/// <summary>An asynchronous sequence whose enumeration is the call: each one a call of its own. Nothing runs before somebody asks for the first item.</summary>
internal sealed class TracedAsyncSequence<T>(ProbeCall call, IAsyncEnumerable<T> items, JsonSerializerContext? json) : IAsyncEnumerable<T>
{
    private int _enumerated;

    [StackTraceHidden]
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(Interlocked.Exchange(ref _enumerated, 1) == 0 ? call : call.Again(), items.GetAsyncEnumerator(cancellationToken), json);

    /// <summary>
    /// What it hands out while an item is on its way leads to the sequence's own task and looks at its result in passing: a task in between
    /// would show in stack traces.
    /// </summary>
    private sealed class Enumerator(ProbeCall call, IAsyncEnumerator<T> items, JsonSerializerContext? json)
        : IAsyncEnumerator<T>, IValueTaskSource<bool>, IValueTaskSource
    {
        private readonly SequenceCall _call = new(call, CollectedItems.IsStreamOfText<T>(call.Site.Kind));
        private ValueTask<bool> _moving;
        private ValueTask _disposing;
        private bool _isDisposing;
        private short _version;

        public T Current => items.Current;

        [StackTraceHidden]
        public ValueTask<bool> MoveNextAsync()
        {
            if (!_call.Enter())
                return items.MoveNextAsync();

            bool ended = true;
            try
            {
                ValueTask<bool> moving = items.MoveNextAsync();
                if (moving.IsCompletedSuccessfully)
                {
                    ended = !moving.Result;
                    if (!ended)
                        _call.Add(items.Current, json);
                    return new(!ended);
                }

                ended = false;
                _moving = moving;
                return new(this, ++_version);
            }
            catch (Exception exception) when (_call.Saw(exception))
            {
                throw;
            }
            finally
            {
                _call.Exit(ended);
            }
        }

        [StackTraceHidden]
        public ValueTask DisposeAsync()
        {
            if (!_call.EnterAgain())
                return items.DisposeAsync();

            bool ended = true;
            try
            {
                ValueTask disposing = items.DisposeAsync();
                if (disposing.IsCompletedSuccessfully)
                    return disposing;

                ended = false;
                _isDisposing = true;
                _disposing = disposing;
                return new(this, ++_version);
            }
            catch (Exception exception) when (_call.Saw(exception))
            {
                throw;
            }
            finally
            {
                _call.Exit(ended);
            }
        }

        [StackTraceHidden]
        bool IValueTaskSource<bool>.GetResult(short token)
        {
            Check(token);
            bool moved = false;
            try
            {
                moved = _moving.GetAwaiter().GetResult();
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
                if (!moved)
                    _call.End();
            }
        }

        [StackTraceHidden]
        void IValueTaskSource.GetResult(short token)
        {
            Check(token);
            try
            {
                _disposing.GetAwaiter().GetResult();
            }
            catch (Exception exception) when (_call.Saw(exception))
            {
                throw;
            }
            finally
            {
                _call.End();
            }
        }

        public ValueTaskSourceStatus GetStatus(short token)
        {
            Check(token);
            return _isDisposing
                ? StatusOf(_disposing.IsCompleted, _disposing.IsFaulted, _disposing.IsCanceled)
                : StatusOf(_moving.IsCompleted, _moving.IsFaulted, _moving.IsCanceled);
        }

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            Check(token);
            bool keepsContext = (flags & ValueTaskSourceOnCompletedFlags.UseSchedulingContext) != 0;
            bool flows = (flags & ValueTaskSourceOnCompletedFlags.FlowExecutionContext) != 0;
            if (_isDisposing)
            {
                var awaiter = _disposing.ConfigureAwait(keepsContext).GetAwaiter();
                if (flows)
                    awaiter.OnCompleted(() => continuation(state));
                else
                    awaiter.UnsafeOnCompleted(() => continuation(state));
            }
            else
            {
                var awaiter = _moving.ConfigureAwait(keepsContext).GetAwaiter();
                if (flows)
                    awaiter.OnCompleted(() => continuation(state));
                else
                    awaiter.UnsafeOnCompleted(() => continuation(state));
            }
        }

        private static ValueTaskSourceStatus StatusOf(bool completed, bool faulted, bool canceled) =>
            !completed ? ValueTaskSourceStatus.Pending
            : faulted ? ValueTaskSourceStatus.Faulted
            : canceled ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Succeeded;

        private void Check(short token)
        {
            if (token != _version)
                throw new InvalidOperationException("A ValueTask may be awaited only once, and not after the next item was asked for.");
        }
    }
}
