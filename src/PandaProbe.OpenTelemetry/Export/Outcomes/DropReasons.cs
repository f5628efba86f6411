namespace PandaProbe.Export.Outcomes;

/// <summary>Why something did not reach PandaProbe: the values of the attribute <c>reason</c> of the metrics.</summary>
internal static class DropReasons
{
    public const string QueueFull = "queue_full";

    /// <summary>A score of a trace that nobody exports, because a sampler or a processor left it out.</summary>
    public const string NotRecorded = "not_recorded";

    public const string Invalid = "invalid";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not_found";
    public const string PlanUsedUp = "plan_used_up";
    public const string TooLarge = "too_large";
    public const string Redirected = "redirected";
    public const string ServerError = "server_error";
    public const string Refused = "refused";
    /// <summary>A span that cannot be masked.</summary>
    public const string Unsafe = "unsafe";

    public const string Unwritable = "unwritable";
    public const string Shutdown = "shutdown";
    public const string SpoolFull = "spool_full";
    public const string SpoolFailed = "spool_failed";
    public const string Expired = "expired";

    /// <summary>Somebody deleted the file in the spool.</summary>
    public const string Deleted = "deleted";

    /// <summary>Over OTLP: the attempts were used up.</summary>
    public const string ExportFailed = "export_failed";

    /// <summary>Over OTLP: the receiver took a request without these spans.</summary>
    public const string Rejected = "rejected";
}
