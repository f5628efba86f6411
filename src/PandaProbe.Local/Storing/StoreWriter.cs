using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>
/// The one thread that writes. It takes what waits, up to sixteen requests, into one transaction, and tells the clients after its commit:
/// while one transaction is written the next one gathers, so a commit is shared the more the faster requests come.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    private const int MostRequests = 16;
    private const long MostWaitingBytes = 256L << 20;
    private const int MostWaiting = 4096;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly StoreOptions _options;
    private readonly Func<SqliteConnection> _open;
    private readonly Func<Exception, bool> _replaceFile;
    private readonly Action<CommitNews> _tell;
    private readonly Channel<WriteRequest> _waiting = Channel.CreateBounded<WriteRequest>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Task _loop;
    private readonly TimeProvider _time;
    private long _waitingBytes;
    private WriterSession? _session;
    private bool _hasFailed;

    public StoreWriter(StoreOptions options, Func<SqliteConnection> open, Func<Exception, bool> replaceFile, Action<CommitNews> tell)
    {
        _options = options;
        _time = options.Time;
        _open = open;
        _replaceFile = replaceFile;
        _tell = tell;
        _session = new(open(), options);
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Whether a request of this size may come in. A client that is refused is to come back later.</summary>
    public bool HasRoom(long size) => Interlocked.Read(ref _waitingBytes) + size <= MostWaitingBytes;

    public Task WriteAsync(WriteRequest request)
    {
        if (!HasRoom(request.Size) || !_waiting.Writer.TryWrite(request))
            throw new StoreBusyException("The store is behind. Come back in a second.");

        Interlocked.Add(ref _waitingBytes, request.Size);
        return request.Stored;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        _session?.Dispose();
    }

    private void Run()
    {
        List<WriteRequest> batch = new(MostRequests);
        ChannelReader<WriteRequest> reader = _waiting.Reader;
        while (WaitForRequests(reader))
        {
            while (batch.Count < MostRequests && reader.TryRead(out WriteRequest? request))
                batch.Add(request);
            if (batch.Count > 0)
                Write(batch);
            batch.Clear();
        }
    }

    private static bool WaitForRequests(ChannelReader<WriteRequest> reader)
    {
        ValueTask<bool> wait = reader.WaitToReadAsync();
#pragma warning disable RS0030 // This is a thread of the writer's own.
        return wait.IsCompleted ? wait.Result : wait.AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030
    }

    private void Write(List<WriteRequest> batch)
    {
        CommitNews? news = null;
        Exception? failure = null;
        try
        {
            news = CommitOrReplace(batch);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        // Before the clients are told: each finds the room that its request had.
        Interlocked.Add(ref _waitingBytes, -batch.Sum(static request => request.Size));

        // A full disk gets room again, and a locked file is released. Clients keep what they have and come back.
        if (failure is not null && !_hasFailed)
            _options.Say($"Cannot store: {failure.Message} Clients are asked to come back.");
        else if (failure is null && _hasFailed)
            _options.Say("Storing works again.");
        _hasFailed = failure is not null;
        foreach (WriteRequest request in batch)
        {
            if (failure is null)
                request.Succeed();
            else
                request.Fail(failure);
        }

        if (news is not null)
            _tell(news);
    }

    private CommitNews? CommitOrReplace(List<WriteRequest> batch)
    {
        try
        {
            return Commit(batch);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
        {
            _session?.Dispose();
            _session = null;
            if (!_replaceFile(exception))
                throw;
            return Commit(batch);
        }
    }

    private CommitNews? Commit(List<WriteRequest> batch)
    {
        _session ??= new(_open(), _options);
        return _session.Write(batch, _time.GetUtcNow().ToUnixTimeMilliseconds());
    }
}

/// <summary>What a commit changed, and its number. Numbers only rise.</summary>
internal sealed record CommitNews(long Number, IReadOnlyList<UInt128> Traces);
