using PandaProbe.Conventions;
using PandaProbe.Pricing;

namespace PandaProbe.Testing;

/// <summary>Checks that traces are complete and keep the conventions.</summary>
public static class TraceSoundnessAssertions
{
    private const string HowToPrice =
        "Add a price to Recording.Pricing.Models in the capture's options, or name the models that have none in withoutPrice.";

    /// <summary>
    /// Checks that the trace has one root and no open or orphaned span; that each model call that did not fail has a model, a provider,
    /// token counts, a finish reason and a cost; that tools have a name, and errors a type. Names every fault.
    /// </summary>
    /// <param name="trace">The trace.</param>
    /// <param name="withoutPrice">The models that have no price, with <c>*</c> for any text.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">The trace is not sound.</exception>
    /// <example><code>trace.ShouldBeSound(withoutPrice: "my-own-model*");</code></example>
    public static CapturedTrace ShouldBeSound(this CapturedTrace trace, params string[] withoutPrice)
    {
        ArgumentNullException.ThrowIfNull(trace);
        List<string> faults = [];
        if (trace.Roots.Count > 1)
            faults.Add($"{trace.Roots.Count} roots: {string.Join(", ", trace.Roots.Select(root => $"'{root.Name}'"))}");
        foreach (CapturedSpan span in trace.Spans)
            faults.AddRange(FaultsOf(span, trace.Prices, withoutPrice).Select(fault => $"{span.Kind} '{span.Name}' {fault}"));
        return faults.Count == 0 ? trace : throw Failure.Of(
            trace, $"The trace '{trace.Name}' should be sound, but has {Texts.Count(faults.Count, "fault")}:", faults,
            faults.Any(fault => fault.Contains("price book", StringComparison.Ordinal)) ? HowToPrice : null);
    }

    private static IEnumerable<string> FaultsOf(CapturedSpan span, PriceBook? prices, string[] withoutPrice)
    {
        if (span.IsOpen)
            yield return "is still open";
        if (span.IsOrphan)
            yield return "has a parent that was not captured";
        if (span.Duration < TimeSpan.Zero)
            yield return "ends before it starts";
        if (span is { IsError: true, ErrorType: null })
            yield return $"failed and has no {General.ErrorType}";
        if (SpanKinds.TryParse(span.Kind, out ProbeSpanKind kind) && SpanKinds.Operation(kind) is not null && span.Operation is null)
            yield return $"has no {GenAI.OperationName}";
        if (span.Is(ProbeSpanKind.Tool) && string.IsNullOrEmpty(span.Attribute(GenAI.Tool.Name) as string))
            yield return $"has no {GenAI.Tool.Name}";
        if (!span.Is(ProbeSpanKind.Llm) && !span.Is(ProbeSpanKind.Embedding))
            yield break;

        if (span.Model is null)
            yield return "has no model";
        if (span.Provider is null)
            yield return $"has no {GenAI.ProviderName}";
        if (span.IsError || span.IsOpen)
            yield break;

        if (span.Usage.TotalTokens is null)
            yield return "has no token counts";
        if (span.Is(ProbeSpanKind.Llm) && span.FinishReasons.Count == 0)
            yield return "has no finish reason";
        if (span.Cost is null && !withoutPrice.Any(model => Wildcard.IsMatch(span.Model, model)))
            yield return $"has no cost: {WhyNoCost(span, prices)}";
    }

    // Asks the price book about less and less of the call, until it answers.
    private static string WhyNoCost(CapturedSpan span, PriceBook? prices)
    {
        var any = TokenUsage.Inclusive(input: 1, output: 1);
        return span switch
        {
            { Model: null } => "no model is known",
            { Usage.TotalTokens: null } => "no tokens are known",
            _ when prices is null => "the capture has no price book",
            _ when Knows(span.Provider) => $"the price book has '{span.Model}', but not for a kind of token that the call used",
            _ when Knows(null) => $"the price book has '{span.Model}', but not as sold by '{span.Provider}'",
            _ => $"the price book does not know the model '{span.Model}'",
        };

        bool Knows(string? provider) => prices.TryGetCost(provider, span.Model, any, span.Start, out _);
    }
}
