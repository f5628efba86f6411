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

    /// <summary>How long after its 202 a trace is there: until then, its spans are answered with 404 and its scores with 500.</summary>
    public TimeSpan StoreDelay { get; init; }

    /// <summary>What <see cref="StoreDelay"/> is measured by.</summary>
    public TimeProvider StoreTime { get; init; } = TimeProvider.System;

    /// <summary>How many traces the plan has; beyond them every other is refused with 429. <see langword="null"/> for any number.</summary>
    public int? PlanLimit { get; init; }

    /// <summary>Whether compressed requests are unpacked. PandaProbe's backend does not: it answers 400.</summary>
    public bool UnpacksRequests { get; init; }

    /// <summary>How many traces the backend takes in <see cref="RateWindow"/>; <see langword="null"/> for any number.</summary>
    public int? TraceLimit { get; init; }

    /// <summary>How many other requests it takes in <see cref="RateWindow"/>.</summary>
    public int? OtherLimit { get; init; }

    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What <see cref="RateWindow"/> is measured by.</summary>
    public TimeProvider RateTime { get; init; } = TimeProvider.System;

    /// <summary>Whether a 429 says when to come back.</summary>
    public bool SendRetryAfter { get; init; }

    /// <summary>The largest body in bytes; more is a 413.</summary>
    public long MaxBodySize { get; init; } = 64 * 1024 * 1024;

    /// <summary>Whether payloads are kept.</summary>
    public bool KeepContent { get; init; } = true;

    /// <summary>Keeps nothing but identifiers and counts, and checks every hundredth trace only: for a soak.</summary>
    public bool CountOnly { get; init; }

    /// <summary>What goes wrong with a request; <see langword="null"/> for nothing.</summary>
    public Func<BackendRequest, Fault?>? Fault { get; set; }
}
