using System.Runtime.CompilerServices;

namespace PandaProbe.Testing.Cassettes;

/// <summary>A folder for the cassettes of one test, whose modes do not depend on where the tests run.</summary>
internal sealed class CassetteFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cassettes");

    public string Path => _folder.FullName;

    /// <summary>The text of the one cassette.</summary>
    public string Text => File.ReadAllText(_folder.GetFiles().ShouldHaveSingleItem().FullName);

    public Cassette Record(Action<CassetteOptions>? configure = null, [CallerMemberName] string name = "") =>
        Open(CassetteMode.Record, configure, name);

    public Cassette Replay(Action<CassetteOptions>? configure = null, [CallerMemberName] string name = "") =>
        Open(CassetteMode.Replay, configure, name);

    public Cassette Open(CassetteMode mode, Action<CassetteOptions>? configure = null, [CallerMemberName] string name = "")
    {
        CassetteOptions options = new() { Folder = Path, Mode = mode };
        configure?.Invoke(options);
        return Cassette.Open(name, options, "AgentTests.cs", _ => null);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
