using System.Text;

namespace PandaProbe.Testing;

/// <summary>
/// The tools that an agent called, in the order in which the calls started. Save the trajectory of a good run, and let a test compare
/// later runs with it.
/// </summary>
/// <remarks>
/// A saved trajectory is a text file with one step per line, so that a review shows which step changed:
/// <code>
/// {"tool":"lookup_order","arguments":{"order_id":"A-1042"}}
/// {"tool":"refund","arguments":{"amount":12.5,"order_id":"A-1042"}}
/// </code>
/// </remarks>
/// <example><code>
/// Trajectory.From(trace).Save("refund.trajectory.jsonl");                       // once, from a good run
/// trace.ShouldFollow(Trajectory.Load("refund.trajectory.jsonl"));               // in the test
/// </code></example>
public sealed class Trajectory
{
    /// <summary>Makes a trajectory of steps.</summary>
    public Trajectory(params IEnumerable<TrajectoryStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Steps = [.. steps];
    }

    /// <summary>Gets the steps in their order.</summary>
    public IReadOnlyList<TrajectoryStep> Steps { get; }

    /// <summary>Takes the calls of tools out of a captured trace.</summary>
    public static Trajectory From(CapturedTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return From([trace]);
    }

    /// <summary>Takes the calls of tools out of several captured traces, one trace after the other.</summary>
    public static Trajectory From(IEnumerable<CapturedTrace> traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        return new Trajectory(
            traces.SelectMany(trace => trace.ToolCalls).Select(call => new TrajectoryStep(call.ToolName ?? call.Name, call.Arguments)));
    }

    /// <summary>
    /// Takes the calls of tools out of an exported trace: lines of OTLP JSON, as <c>pandaprobe export</c> and the collector's file
    /// exporter write them.
    /// </summary>
    /// <param name="lines">The content of the exported file.</param>
    /// <param name="traceId">OpenTelemetry's id of the trace. It can be left out when all spans are of one trace.</param>
    /// <exception cref="FormatException">
    /// The text is not OTLP JSON, has no span of the trace, or has several traces and <paramref name="traceId"/> is <see langword="null"/>.
    /// </exception>
    public static Trajectory FromOtlp(string lines, string? traceId = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return new Trajectory(OtlpToolCalls.Read(lines, traceId));
    }

    /// <summary>Reads a saved trajectory.</summary>
    /// <exception cref="FormatException">A line is not a step.</exception>
    public static Trajectory Load(string path) => Parse(File.ReadAllText(path));

    /// <summary>Reads the text of a saved trajectory.</summary>
    /// <exception cref="FormatException">A line is not a step.</exception>
    public static Trajectory Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<TrajectoryStep> steps = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                steps.Add(TrajectoryJson.Read(line, number));
        }

        return new Trajectory(steps);
    }

    /// <summary>Writes the trajectory to a file, one step per line, and makes the file's directory.</summary>
    public void Save(string path) => TextFile.Write(path, ToString());

    /// <summary>Compares the trajectory with an expected one.</summary>
    /// <param name="expected">The expected trajectory.</param>
    /// <param name="options">How to compare; <see langword="null"/> wants the same steps with the same arguments.</param>
    public TrajectoryComparison CompareWith(Trajectory expected, TrajectoryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return TrajectoryAlignment.Compare(expected, this, options ?? new TrajectoryOptions());
    }

    /// <summary>Returns the text of a saved trajectory.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (TrajectoryStep step in Steps)
            text.Append(TrajectoryJson.Write(step)).Append('\n');
        return text.ToString();
    }
}
