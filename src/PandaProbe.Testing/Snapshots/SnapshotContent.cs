namespace PandaProbe.Testing;

/// <summary>Specifies how inputs, outputs and metadata stand in a snapshot.</summary>
public enum SnapshotContent
{
    /// <summary>As they are.</summary>
    Shown,

    /// <summary>As a hash and a length: a change is seen, the text is not in the repository.</summary>
    Hashed,

    /// <summary>Not at all: for answers that differ from run to run.</summary>
    LeftOut,
}
