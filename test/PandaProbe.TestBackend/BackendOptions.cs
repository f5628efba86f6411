using System.Net.Sockets;

namespace PandaProbe.TestBackend;

/// <summary>How the backend behaves.</summary>
public sealed class BackendOptions
{
    public const string DefaultApiKey = "pp_test_key_0123456789";
    public const string DefaultProject = "test-project";

    /// <summary>0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// A socket to listen on that is bound already, so that its address is known before; <see langword="null"/> for one of the backend's
    /// own.
    /// </summary>
    public Socket? Socket { get; init; }

    public string ApiKey { get; init; } = DefaultApiKey;

    public string Project { get; init; } = DefaultProject;

    /// <summary>
    /// Gets or sets how long after its 202 a trace is there: until then, its spans are answered with 404 and its scores with 500.
    /// </summary>
    public TimeSpan StoreDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Gets or sets which requests the worker fails on at first. It repeats them five seconds later, and what came meanwhile is stored
    /// before. <see langword="null"/> for the first of every five.
    /// </summary>
    public Func<BackendRequest, bool>? FailsFirst { get; set; }

    /// <summary>
    /// Gets or sets whether traces are there with their 202 and the worker never fails. PandaProbe's backend is not like that.
    /// </summary>
    public bool StoresAtOnce { get; init; }

    /// <summary>
    /// Gets or sets what the worker's delay and repeats are measured by; <see langword="null"/> for the clock of
    /// <see cref="Backend.Follow"/>.
    /// </summary>
    public TimeProvider? StoreTime { get; init; }

    /// <summary>How many traces the plan has; beyond them every other is refused with 429. <see langword="null"/> for any number.</summary>
    public int? PlanLimit { get; init; }

    /// <summary>Whether compressed requests are unpacked. PandaProbe's backend does not: it answers 400.</summary>
    public bool UnpacksRequests { get; init; }

    /// <summary>
    /// Gets or sets how many traces the backend takes in <see cref="RateWindow"/>; <see langword="null"/> for any number.
    /// </summary>
    public int? TraceLimit { get; init; } = 100;

    /// <summary>
    /// Gets or sets how many other requests it takes in <see cref="RateWindow"/>; <see langword="null"/> for any number.
    /// </summary>
    public int? OtherLimit { get; init; } = 200;

    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets what <see cref="RateWindow"/> is measured by; <see langword="null"/> for the clock of <see cref="Backend.Follow"/>.
    /// </summary>
    public TimeProvider? RateTime { get; init; }

    /// <summary>Gets or sets whether a 429 says when to come back; <see langword="null"/> for one in three.</summary>
    public bool? SendRetryAfter { get; init; }

    /// <summary>The largest body in bytes; more is a 413.</summary>
    public long MaxBodySize { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether payloads are kept.</summary>
    public bool KeepContent { get; init; } = true;

    /// <summary>Keeps nothing but identifiers and counts, and checks every hundredth trace only: for a soak.</summary>
    public bool CountOnly { get; init; }

    /// <summary>What goes wrong with a request; <see langword="null"/> for nothing.</summary>
    public Func<BackendRequest, Fault?>? Fault { get; set; }
}
