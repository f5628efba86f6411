namespace PandaProbe.Safety;

/// <summary>The bounds of a <see cref="BoundedClassifier"/>.</summary>
public sealed class BoundedClassifierOptions
{
    /// <summary>Gets or sets how many texts are judged at once. 2 by default.</summary>
    public int MaxConcurrency { get; set; } = 2;

    /// <summary>Gets or sets how many further texts may wait. One more has the verdict <c>busy</c> at once. 100 by default.</summary>
    public int MaxWaiting { get; set; } = 100;

    /// <summary>Gets or sets how many characters of a text are judged: its first and its last half of that. 20,000 by default.</summary>
    public int MaxLength { get; set; } = 20_000;

    /// <summary>Gets or sets how long a text may wait and be judged. After that it has the verdict <c>time</c>. Ten seconds by
    /// default.</summary>
    public TimeSpan MaxTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the clock for <see cref="MaxTime"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
