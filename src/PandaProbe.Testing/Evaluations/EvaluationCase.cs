using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>One question to an agent, and what is known of the right answer.</summary>
/// <example><code>
/// new EvaluationCase("refund-1", "I want my money back for order A-1042") { Expected = "You get 12.50 € back." }
/// </code></example>
public sealed class EvaluationCase
{
    private static readonly IReadOnlyDictionary<string, JsonElement> NoMetadata = new Dictionary<string, JsonElement>();

    /// <summary>Makes a case.</summary>
    /// <param name="id">The name of the case, unique in its evaluation. Baselines compare cases by it.</param>
    /// <param name="input">What the task gets: a question, or JSON.</param>
    public EvaluationCase(string id, string input)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(input);
        Id = id;
        Input = input;
    }

    /// <summary>Gets the name of the case.</summary>
    public string Id { get; }

    /// <summary>Gets what the task gets: a question, or JSON.</summary>
    public string Input { get; }

    /// <summary>
    /// Gets the right answer; <see langword="null"/> when there is none. Evaluators that compare with it then leave the case out.
    /// </summary>
    public string? Expected { get; init; }

    /// <summary>
    /// Gets the expected calls of tools; <see langword="null"/> when there are none given. The evaluator of trajectories then leaves the
    /// case out.
    /// </summary>
    public Trajectory? Trajectory { get; init; }

    /// <summary>Gets further values for tasks and evaluators of your own.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = NoMetadata;

    /// <summary>Reads cases from a file of JSON lines.</summary>
    /// <param name="path">The file: see <see cref="Parse"/>.</param>
    /// <exception cref="FormatException">A line is not a case, or two cases have the same id.</exception>
    public static IReadOnlyList<EvaluationCase> Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>
    /// Reads cases from JSON lines: <c>{"id":"refund-1","input":"…","expected":"…","trajectory":["lookup_order",{"tool":"refund",
    /// "arguments":{"amount":12.5}}],"language":"en"}</c>. Only <c>input</c> is required. A case without an id is called after its line,
    /// <c>line 3</c>. Values of <c>input</c> and <c>expected</c> that are not texts stay JSON. Other properties become
    /// <see cref="Metadata"/>. Empty lines are passed over.
    /// </summary>
    /// <exception cref="FormatException">A line is not a case, or two cases have the same id.</exception>
    public static IReadOnlyList<EvaluationCase> Parse(string lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return CaseReader.Read(lines);
    }

    /// <summary>Returns the id.</summary>
    public override string ToString() => Id;
}
