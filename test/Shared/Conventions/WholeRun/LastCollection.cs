using Xunit.Abstractions;

namespace PandaProbe.Conventions;

/// <summary>
/// Puts the tests of this collection behind all others of the process. Collections that run alone run after those that run in parallel.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LastCollection : ITestCollectionOrderer
{
    public const string Name = "Last";

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => collection.DisplayName == Name);
}
