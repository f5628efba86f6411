namespace PandaProbe.Tokenization.Tests;

/// <summary>Tests that measure time do not run beside others.</summary>
[CollectionDefinition(nameof(Timing), DisableParallelization = true)]
public sealed class Timing;
