namespace PandaProbe.Export.Otlp;

/// <summary>The statuses of <see href="https://grpc.github.io/grpc/core/md_doc_statuscodes.html">gRPC</see>.</summary>
internal enum GrpcStatus
{
    Ok,
    Cancelled,
    Unknown,
    InvalidArgument,
    DeadlineExceeded,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Aborted,
    OutOfRange,
    Unimplemented,
    Internal,
    Unavailable,
    DataLoss,
    Unauthenticated,
}
