using System.Reflection;

namespace PandaProbe;

/// <summary>Where the sources of these tests lie, and what their project says of itself.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The value that the project gives to an <c>AssemblyMetadata</c> item.</summary>
    public static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
