namespace PandaProbe.Testing;

/// <summary>Options of <see cref="ProbeCapture.Start"/> and <see cref="ProbeCapture.StartGlobal"/>.</summary>
public sealed class ProbeCaptureOptions
{
    /// <summary>
    /// Gets the names of further activity sources to record, for example <c>MyCompany.*</c>. PandaProbe's own source and those of AI
    /// libraries are always recorded.
    /// </summary>
    public IList<string> Sources { get; } = [];

    /// <summary>
    /// Gets what is recorded, as <c>AddPandaProbe()</c> takes it: <c>Redact</c>, <c>Safety</c>, <c>Pricing</c>, <c>CaptureContent</c>,
    /// which is on by default. Set them as the program under test does. Everything about exports is ignored.
    /// </summary>
    public PandaProbeOptions Recording { get; } = new();

    /// <summary>
    /// Gets or sets whether the local viewer gets the spans when the capture ends, where it runs on this machine, and failures link to
    /// their trace in it. The default is <see langword="true"/>.
    /// </summary>
    public bool SendToViewer { get; set; } = true;

    /// <summary>Gets or sets the directory of the viewer, for tests; <see langword="null"/> looks where the viewer does.</summary>
    internal string? ViewerDirectory { get; set; }

    /// <summary>Gets or sets how long waiting for open spans takes at most. The default is 5 seconds.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets the clock of the start and the duration of spans, and of <see cref="Deadline"/>. The default is
    /// <see cref="TimeProvider.System"/>.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
