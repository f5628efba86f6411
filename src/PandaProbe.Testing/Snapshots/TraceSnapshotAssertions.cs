using System.Runtime.CompilerServices;
using PandaProbe.Testing.Snapshots;

namespace PandaProbe.Testing;

/// <summary>Compares traces with snapshots: text files in a folder <c>Snapshots</c> beside the test.</summary>
public static class TraceSnapshotAssertions
{
    /// <summary>
    /// Compares the trace with the snapshot of this test. It has the tree, models, tokens, costs, messages, arguments, errors and scores.
    /// Ids are ordinals, times are left out, and spans that ran beside each other have a stable order. To write it, set the environment
    /// variable <c>PANDAPROBE_UPDATE_SNAPSHOTS</c> to <c>1</c>; on a build server nothing is written.
    /// </summary>
    /// <param name="trace">The trace.</param>
    /// <param name="name">Tells several snapshots of one test apart; <see langword="null"/> for the only one.</param>
    /// <param name="content">How inputs, outputs and metadata stand in it. The default is <see cref="SnapshotContent.Shown"/>.</param>
    /// <param name="test">The source of the test. The compiler fills it in.</param>
    /// <param name="member">The name of the test. The compiler fills it in.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">The snapshot differs, or there is none.</exception>
    public static CapturedTrace ShouldMatchSnapshot(
        this CapturedTrace trace, string? name = null, SnapshotContent content = SnapshotContent.Shown, [CallerFilePath] string test = "",
        [CallerMemberName] string member = "")
    {
        ArgumentNullException.ThrowIfNull(trace);
        return SnapshotFile.Of(test, member, name).Check(SnapshotText.Of(trace, content)) is { } fault
            ? throw Failure.Of(trace, fault)
            : trace;
    }

    /// <summary>Compares any text with a snapshot of this test.</summary>
    /// <inheritdoc cref="ShouldMatchSnapshot(CapturedTrace, string?, SnapshotContent, string, string)"/>
    /// <param name="text">The text. Its line endings do not matter.</param>
    /// <param name="name">Tells several snapshots of one test apart; <see langword="null"/> for the only one.</param>
    /// <param name="test">The source of the test. The compiler fills it in.</param>
    /// <param name="member">The name of the test. The compiler fills it in.</param>
    /// <returns>The text.</returns>
    public static string ShouldMatchSnapshot(
        this string text, string? name = null, [CallerFilePath] string test = "", [CallerMemberName] string member = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        return SnapshotFile.Of(test, member, name).Check(text) is { } fault ? throw new ProbeAssertionException(fault) : text;
    }
}
