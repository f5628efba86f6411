namespace PandaProbe.Testing;

/// <summary>Runs the attempts of an evaluation in parallel, within its budget.</summary>
internal sealed class EvaluationRun(Evaluation evaluation)
{
    private readonly object _gate = new();
    private Spending _spent;

    public async Task<EvaluationReport> RunAsync(CancellationToken cancellationToken)
    {
        Evaluator[] evaluators = [.. evaluation.Evaluators];
        AttemptRun attempts = new(evaluation, evaluators);
        int cases = evaluation.Cases.Count;
        var results = new EvaluationResult?[cases * evaluation.Repetitions];
        ParallelOptions options = new() { MaxDegreeOfParallelism = evaluation.Parallelism, CancellationToken = cancellationToken };

        // All cases once, then all again: an evaluation that stops early has then seen as many cases as possible.
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, results.Length), options, async (index, cancellation) =>
            {
                int repetition = index / cases;
                int position = index % cases;
                EvaluationCase @case = evaluation.Cases[position];
                EvaluationResult result = IsSpent()
                    ? new EvaluationResult(@case, repetition + 1, EvaluationStatus.NotRun)
                    : await attempts.RunAsync(@case, repetition + 1, cancellation).ConfigureAwait(false);
                lock (_gate)
                    _spent += result.TotalSpending;
                results[position * evaluation.Repetitions + repetition] = result;
            }).ConfigureAwait(false);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            // Tasks answer a cancelled token with exceptions of many types.
            throw new OperationCanceledException("The evaluation was cancelled.", exception, cancellationToken);
        }

        return new EvaluationReport(evaluation, evaluators, results!);
    }

    private bool IsSpent()
    {
        lock (_gate)
            return evaluation.Budget is { } budget && _spent.Dollars >= budget;
    }
}
