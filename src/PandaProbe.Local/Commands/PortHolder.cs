using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace PandaProbe.Local.Commands;

/// <summary>Finds out whether somebody listens on a port, and who.</summary>
internal static class PortHolder
{
    public static bool IsTaken(int port) =>
        port != 0 && IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener =>
            listener.Port == port
                && (IPAddress.IsLoopback(listener.Address) || listener.Address.Equals(IPAddress.Any)
                || listener.Address.Equals(IPAddress.IPv6Any)));

    /// <summary>Returns the process that listens on a port, or null when this system does not tell.</summary>
    public static string? Find(int port)
    {
        // Only Linux says it in files.
        if (!OperatingSystem.IsLinux())
            return null;

        try
        {
            HashSet<string> sockets = [.. Sockets("/proc/net/tcp", port), .. Sockets("/proc/net/tcp6", port)];
            if (sockets.Count == 0)
                return null;

            foreach (string process in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out int id) && Holds(process, sockets))
                    return $"{Process.GetProcessById(id).ProcessName} (process {id})";
            }
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            // The process ended meanwhile.
        }

        return null;
    }

    /// <summary>Returns the inodes of the sockets that listen on a port, as the links of file descriptors name them.</summary>
    private static IEnumerable<string> Sockets(string file, int port)
    {
        const string listening = "0A";
        string suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        if (!File.Exists(file))
            yield break;

        foreach (string line in File.ReadLines(file).Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == listening)
                yield return $"socket:[{fields[9]}]";
        }
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd"))
                .Any(descriptor => sockets.Contains(new FileInfo(descriptor).LinkTarget ?? ""));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
