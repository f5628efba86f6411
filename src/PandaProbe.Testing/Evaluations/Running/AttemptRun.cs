using System.Diagnostics;

namespace PandaProbe.Testing;

/// <summary>Runs the task with one case, captures what it did, and asks the evaluators.</summary>
internal sealed class AttemptRun(Evaluation evaluation, Evaluator[] evaluators)
{
    public async Task<EvaluationResult> RunAsync(EvaluationCase @case, int repetition, CancellationToken cancellationToken)
    {
        // Below a span of the test, all attempts would be one trace.
        Activity.Current = null;
        using var capture = ProbeCapture.Start(Configure);
        TimeProvider time = evaluation.TimeProvider;
        long start = time.GetTimestamp();
        string? output = null;
        string? error = null;
        try
        {
            output = await RunTaskAsync(@case, cancellationToken).ConfigureAwait(false) ?? "";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            error = Failures.Text(exception);
        }

        TimeSpan duration = time.GetElapsedTime(start);
        IReadOnlyList<CapturedTrace> traces = capture.Traces;
        try
        {
            // Spans that are open have no tokens and no cost yet. After a failure nobody may end them any more.
            if (error is null && traces.Count > 0)
                traces = await capture.WaitForTracesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (ProbeAssertionException exception)
        {
            error = exception.Message;
        }

        if (error is not null)
        {
            return new EvaluationResult(@case, repetition, EvaluationStatus.Failed)
            {
                Error = error,
                Output = output,
                Traces = traces,
                Duration = duration,
                Spending = Spending.Of(traces),
            };
        }

        EvaluationAttempt attempt = new(@case, repetition, output!, traces, duration);
        return new EvaluationResult(@case, repetition, EvaluationStatus.Completed)
        {
            Output = output,
            Traces = traces,
            Duration = duration,
            Spending = attempt.Spending,
            Scores = await EvaluateAsync(attempt, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<string> RunTaskAsync(EvaluationCase @case, CancellationToken cancellationToken)
    {
        if (evaluation.TimeLimit is not { } limit)
            return await evaluation.Task(@case, cancellationToken).ConfigureAwait(false);

        using CancellationTokenSource late = new(limit, evaluation.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await evaluation.Task(@case, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The task took longer than {Texts.Seconds(limit)}.");
        }
    }

    private async Task<IReadOnlyList<EvaluatorResult>> EvaluateAsync(EvaluationAttempt attempt, CancellationToken cancellationToken)
    {
        List<EvaluatorResult> scores = [];
        foreach (Evaluator evaluator in evaluators)
        {
            EvaluatorResult? score = null;
            try
            {
                if (!evaluator.AppliesTo(attempt.Case))
                    continue;

                EvaluatorScore given = await evaluator.EvaluateAsync(attempt, cancellationToken).ConfigureAwait(false);
                score = given.Value is >= 0 and <= 1
                    ? new EvaluatorResult(evaluator) { Value = given.Value, Reason = given.Reason, Spending = given.Spending }
                    : new EvaluatorResult(evaluator)
                    {
                        Error = $"The score {Texts.Value(given.Value)} is not in 0…1.",
                        Spending = given.Spending,
                    };
                Record(attempt, score);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                score ??= new EvaluatorResult(evaluator)
                {
                    Error = Failures.Text(exception),
                    Spending = (exception as EvaluatorException)?.Spending ?? default,
                };
            }

            scores.Add(score);
        }

        return scores;
    }

    private void Record(EvaluationAttempt attempt, EvaluatorResult score)
    {
        if (score.Value is { } value && attempt.Traces is [var trace, ..])
        {
            Probe.Score(
                trace.Id, score.Name, value, score.Reason,
                new() { ["evaluation"] = evaluation.Name, ["case"] = attempt.Case.Id, ["repetition"] = attempt.Repetition });
        }
    }

    private void Configure(ProbeCaptureOptions options)
    {
        options.TimeProvider = evaluation.TimeProvider;
        evaluation.ConfigureCapture?.Invoke(options);
    }
}
