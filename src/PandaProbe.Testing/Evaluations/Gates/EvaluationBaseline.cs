namespace PandaProbe.Testing;

/// <summary>
/// The scores of an earlier run, as a file that is committed beside the test. It has the mean of every case, not only of the whole, so
/// that a later run is compared case by case. Write it with <see cref="EvaluationReport.SaveBaseline"/>.
/// </summary>
/// <example><code>
/// report.SaveBaseline("support.baseline.json");                              // when the new scores are accepted
/// EvaluationGate gate = report.CompareWith(EvaluationBaseline.Load("support.baseline.json"));
/// </code></example>
public sealed class EvaluationBaseline
{
    internal EvaluationBaseline(string evaluation, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> evaluators)
    {
        Evaluation = evaluation;
        Evaluators = evaluators;
    }

    /// <summary>Gets the name of the evaluation.</summary>
    public string Evaluation { get; }

    /// <summary>Gets the mean scores by evaluator and id of the case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Evaluators { get; }

    /// <summary>Makes a baseline of a report.</summary>
    public static EvaluationBaseline From(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new EvaluationBaseline(report.Name, report.Evaluators.ToDictionary(summary => summary.Name, summary => summary.Cases));
    }

    /// <summary>Reads a baseline from a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is not a baseline.</exception>
    public static EvaluationBaseline Load(string path) => File.Exists(path)
        ? Parse(File.ReadAllText(path))
        : throw new FileNotFoundException(
            $"There is no baseline {Path.GetFullPath(path)}. Make it once with report.SaveBaseline(path), read it, and commit it.", path);

    /// <summary>Reads the text of a baseline file.</summary>
    /// <exception cref="FormatException">The text is not a baseline.</exception>
    public static EvaluationBaseline Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return BaselineJson.Read(json);
    }

    /// <summary>Returns the text of a baseline file: one case per line, so that a review shows which scores changed.</summary>
    public override string ToString() => BaselineJson.Write(this);
}
