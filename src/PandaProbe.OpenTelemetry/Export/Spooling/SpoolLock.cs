using PandaProbe.Diagnostics;

namespace PandaProbe.Export.Spooling;

/// <summary>
/// The right to replay a directory: a file that one process at a time can open. The last process that opened it has written its mark into
/// it.
/// </summary>
internal sealed class SpoolLock(string directory)
{
    private const string Name = "replay.lock";

    private readonly Guid _mark = Guid.NewGuid();
    private bool _isForbidden;

    /// <summary>Takes the right, until the result is disposed. Null while another process has it.</summary>
    /// <param name="othersReplayed">Whether another process had it since this one had it last.</param>
    public IDisposable? TryTake(out bool othersReplayed)
    {
        othersReplayed = true;
        try
        {
            SpoolFile.CreateDirectory(directory);
            FileStream file = SpoolFile.Open(Path.Combine(directory, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite);
            Span<byte> last = stackalloc byte[16];
            othersReplayed = file.ReadAtLeast(last, last.Length, throwOnEndOfStream: false) == last.Length && new Guid(last) != _mark;
            file.Position = 0;
            file.Write(_mark.ToByteArray());
            return file;
        }
        catch (UnauthorizedAccessException exception)
        {
            if (!_isForbidden)
            {
                PandaProbeEventSource.Log.ConfigurationProblem(
                    $"What is in the spool directory '{directory}' cannot be sent, because its '{Name}' belongs to somebody else: {exception.Message} Give PandaProbe a directory of its own.");
            }

            _isForbidden = true;
            return null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
