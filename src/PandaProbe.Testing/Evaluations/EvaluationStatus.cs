namespace PandaProbe.Testing;

/// <summary>How an attempt went.</summary>
public enum EvaluationStatus
{
    /// <summary>The task returned.</summary>
    Completed,

    /// <summary>The task threw or took too long. The attempt counts 0 with every evaluator of the case.</summary>
    Failed,

    /// <summary>The budget was spent before the attempt began. It counts nowhere.</summary>
    NotRun,
}
