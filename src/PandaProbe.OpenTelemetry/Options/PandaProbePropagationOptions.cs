namespace PandaProbe;

/// <summary>
/// Options of sending session, user and tags to other processes, in the header <c>baggage</c>. Off by default, in
/// <see cref="PandaProbeOptions.Propagation"/>.
/// </summary>
/// <example><code>options.Propagation.Hosts = ["internal.example.com"];</code></example>
public sealed class PandaProbePropagationOptions
{
    internal const int DefaultMaxLength = 255;
    internal const int DefaultMaxTags = 10;

    /// <summary>
    /// Gets or sets the hosts that get session, user and tags. <c>example.com</c> is that host and every host below it, such as
    /// <c>api.example.com</c>, and not <c>badexample.com</c>. The default is none, which sends nothing to anybody. Environment variable:
    /// <c>PANDAPROBE_PROPAGATION_HOSTS</c>, separated by commas.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>
    /// Gets or sets whether a model provider that <see cref="Hosts"/> covers gets them as well. The default is <see langword="false"/>.
    /// </summary>
    public bool IncludeModelProviders { get; set; }

    /// <summary>
    /// Gets or sets how many characters a session, a user or a tag may have. A longer one is not sent, because a part of it could be
    /// another's. The default is 255.
    /// </summary>
    public int MaxLength { get; set; } = DefaultMaxLength;

    /// <summary>Gets or sets how many tags are sent at most. The default is 10.</summary>
    public int MaxTags { get; set; } = DefaultMaxTags;
}
