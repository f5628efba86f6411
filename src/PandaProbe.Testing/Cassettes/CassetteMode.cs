namespace PandaProbe.Testing;

/// <summary>What a <see cref="Cassette"/> does with a call.</summary>
public enum CassetteMode
{
    /// <summary>Answers from the file. A call that is not in the file fails, and nothing is sent.</summary>
    Replay,

    /// <summary>Sends every call and writes a new file.</summary>
    Record,

    /// <summary>Answers from the file, and sends and records the calls that are not in it.</summary>
    Auto,
}
