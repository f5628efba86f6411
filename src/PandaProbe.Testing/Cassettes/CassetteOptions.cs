using PandaProbe.Safety;

namespace PandaProbe.Testing;

/// <summary>How a <see cref="Cassette"/> compares, masks and replays.</summary>
/// <example><code>
/// var options = new CassetteOptions { Rewrite = text => text.Replace(today, "TODAY") };
/// options.IgnoredFields.Add("$.body.metadata.run_id");
/// using var cassette = Cassette.Open(options: options);
/// </code></example>
public sealed class CassetteOptions
{
    /// <summary>Gets or sets what happens to a call. Null takes <see cref="CassetteMode.Replay"/>. The environment variable
    /// <c>PANDAPROBE_CASSETTES</c> (<c>replay</c>, <c>record</c> or <c>auto</c>) wins over this value.</summary>
    public CassetteMode? Mode { get; set; }

    /// <summary>Gets or sets whether calls are recorded on a build server, too. False by default: there
    /// <see cref="CassetteMode.Record"/> and <see cref="CassetteMode.Auto"/> mean <see cref="CassetteMode.Replay"/>, so that a forgotten
    /// mode costs no money and no test passes with an answer that nobody has reviewed.</summary>
    public bool RecordOnBuildServer { get; set; }

    /// <summary>Gets or sets the folder of the file. Null takes the folder <c>Cassettes</c> beside the test's source file.</summary>
    public string? Folder { get; set; }

    /// <summary>Gets the fields of a request that are neither compared nor written. A path as failures print it
    /// (<c>$.body.metadata.run_id</c>, with <c>[*]</c> for every item of an array), or the name of a property at any depth
    /// (<c>run_id</c>).</summary>
    public IList<string> IgnoredFields { get; } = [];

    /// <summary>Gets the headers of a request that are compared and written, such as <c>anthropic-beta</c>. None by default. Headers that
    /// carry secrets are refused.</summary>
    public IList<string> ComparedHeaders { get; } = [];

    /// <summary>Gets or sets what changes every text of a request before it is compared and written: replace dates, ids and paths that
    /// differ from run to run here. Null for nothing.</summary>
    public Func<string, string>? Rewrite { get; set; }

    /// <summary>Gets or sets whether the last recording of a call answers all further calls like it. False by default: a call that is made
    /// more often than it was recorded fails.</summary>
    public bool RepeatLast { get; set; }

    /// <summary>Gets or sets whether the pauses between the events of a stream are recorded, and replayed. False by default: a replayed
    /// stream takes no time.</summary>
    public bool Pauses { get; set; }

    /// <summary>Gets or sets what else is masked in requests and answers before they are written, such as personal data. Null for nothing
    /// else: secrets are always masked.</summary>
    public SafetyOptions? Safety { get; set; }

    /// <summary>Gets or sets the clock that measures and makes <see cref="Pauses"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
