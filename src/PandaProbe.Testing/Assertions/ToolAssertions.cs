using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>Checks which tools ran, in which order and with which arguments. Names may have <c>*</c> for any text.</summary>
/// <example>
/// <code>
/// trace.Tools.Before("lookup_order", "refund").Never("delete_*");
/// trace.Tools.Called("refund", """{"order":"A1"}""", ArgumentMatch.Subset);
/// </code>
/// </example>
public sealed class ToolAssertions
{
    private const int MaxShown = 200;

    private readonly CapturedTrace _trace;

    internal ToolAssertions(CapturedTrace trace) => _trace = trace;

    /// <summary>Checks that both tools ran, and that each call of the second one started after the first call of the first one.</summary>
    public ToolAssertions Before(string first, string second)
    {
        CapturedSpan one = CallsOf(first).FirstOrDefault()
            ?? throw Fail($"The tool '{first}' should run before '{second}', but it never ran.");
        CapturedSpan other = CallsOf(second).FirstOrDefault()
            ?? throw Fail($"The tool '{second}' should run after '{first}', but it never ran.");
        return one.Order < other.Order
            ? this
            : throw Fail($"The tool '{first}' should run before '{second}', but '{second}' started first.");
    }

    /// <summary>Checks that no tool with this name ran.</summary>
    public ToolAssertions Never(string tool) => CallsOf(tool) is [var call, ..]
        ? throw Fail($"The tool '{tool}' should never run, but it ran with {Shown(call.Arguments)}.")
        : this;

    /// <summary>Checks that exactly these tools ran, in this order.</summary>
    public ToolAssertions Exactly(params string[] tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        IReadOnlyList<CapturedSpan> calls = _trace.ToolCalls;
        bool isSame = calls.Count == tools.Length
            && calls.Zip(tools).All(pair => Wildcard.IsMatch(pair.First.ToolName, pair.Second));
        return isSame ? this
            : throw Fail($"The tools should be exactly {Names(tools)}, but are {Names(calls.Select(call => call.ToolName))}.");
    }

    /// <summary>Checks that a tool ran this often.</summary>
    public ToolAssertions Times(string tool, int times)
    {
        int ran = CallsOf(tool).Length;
        return ran == times ? this
            : throw Fail($"The tool '{tool}' should run {Texts.Count(times, "time")}, but it ran {Texts.Count(ran, "time")}.");
    }

    /// <summary>Checks that a tool ran with these arguments at least once.</summary>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="arguments">The expected arguments as JSON.</param>
    /// <param name="match">How to compare. The default is <see cref="ArgumentMatch.Exact"/>.</param>
    /// <param name="ignoring">The names of properties that are not compared, at any depth; <see langword="null"/> for none.</param>
    public ToolAssertions Called(
        string tool, string arguments, ArgumentMatch match = ArgumentMatch.Exact, IReadOnlyCollection<string>? ignoring = null)
    {
        CapturedSpan[] calls = CallsOf(tool);
        if (calls.Length == 0)
            throw Fail($"The tool '{tool}' should run, but it never ran.");

        using JsonDocument expected = Parsed(arguments);
        string?[] differences =
        [
            .. calls.Select(call => match == ArgumentMatch.Ignored ? null : JsonDifference.First(
                expected.RootElement, CanonicalJson.Read(call.Arguments ?? "{}"), match == ArgumentMatch.Subset, ignoring)),
        ];
        if (differences.Any(difference => difference is null))
            return this;

        string how = match == ArgumentMatch.Subset ? "arguments that contain" : "the arguments";
        throw Fail($"The tool '{tool}' should run with {how} {Shown(arguments)}, but it ran with others:\n"
            + Texts.List(differences.Select((difference, index) => $"call {index + 1}: {difference}")));
    }

    internal static string Shown(string? arguments) =>
        string.IsNullOrEmpty(arguments) ? "no arguments" : TextCut.Short(arguments, MaxShown);

    private static string Names(IEnumerable<string?> tools) =>
        string.Join(", ", tools.Select(tool => $"'{tool}'")) is { Length: > 0 } names ? names : "none";

    private static JsonDocument Parsed(string arguments)
    {
        try
        {
            return JsonDocument.Parse(arguments);
        }
        catch (JsonException exception)
        {
            throw new ArgumentException(
                $"The expected arguments are not JSON: {TextCut.Short(arguments, MaxShown)}", nameof(arguments), exception);
        }
    }

    private CapturedSpan[] CallsOf(string tool) => [.. _trace.ToolCalls.Where(call => Wildcard.IsMatch(call.ToolName, tool))];

    private ProbeAssertionException Fail(string message)
    {
        IReadOnlyList<CapturedSpan> calls = _trace.ToolCalls;
        string ran = calls.Count == 0
            ? "  (no tool ran)"
            : string.Join("\n", calls.Select(
                (call, index) => $"  {index + 1}. {call.ToolName} {TextCut.Short(call.Arguments ?? "", MaxShown)}".TrimEnd()));
        return Failure.Of(_trace, $"{message}\n\nTools of the trace '{_trace.Name}', in the order of their start:\n{ran}");
    }
}
