using System.Globalization;
using System.Net;

namespace PandaProbe.Local.Commands;

/// <summary>What the arguments of <c>serve</c> say.</summary>
internal sealed record ServeOptions
{
    public const int DefaultPort = 4318;
    public const int DefaultGrpcPort = 4317;

    public int Port { get; init; } = DefaultPort;

    public int GrpcPort { get; init; } = DefaultGrpcPort;

    /// <summary>Whether somebody asked for these ports. A port that nobody asked for may be exchanged for a free one.</summary>
    public bool PortsAreGiven { get; init; }

    public string? Store { get; init; }

    public string? Run { get; init; }

    public long KeepBytes { get; init; } = 2L << 30;

    public TimeSpan? KeepAge { get; init; }

    public IPAddress? Listen { get; init; }

    public string? Token { get; init; }

    /// <summary>Returns what is wrong with the arguments, or null.</summary>
    public static string? TryParse(string[] args, out ServeOptions options)
    {
        options = new();
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            string? value = null;
            if (name.IndexOf('=') is > 0 and int equals)
                (name, value) = (name[..equals], name[(equals + 1)..]);
            else if (i + 1 < args.Length)
                value = args[++i];
            if (value is null)
                return $"{name} needs a value.";

            ServeOptions? next = name switch
            {
                "--port" => PortOf(value) is { } port ? options with { Port = port, PortsAreGiven = true } : null,
                "--grpc-port" => PortOf(value) is { } port ? options with { GrpcPort = port, PortsAreGiven = true } : null,
                "--store" => options with { Store = value },
                "--run" => options with { Run = value },
                "--keep-bytes" => BytesOf(value) is { } bytes ? options with { KeepBytes = bytes } : null,
                "--keep-days" => double.TryParse(value, CultureInfo.InvariantCulture, out double days) && days is > 0 and < 36_500
                    ? options with { KeepAge = TimeSpan.FromDays(days) }
                    : null,
                "--listen" => IPAddress.TryParse(value, out IPAddress? address) ? options with { Listen = address } : null,
                "--token" => options with { Token = value },
                _ => options,
            };
            if (next is null)
                return $"{name} does not understand '{value}'.";
            if (ReferenceEquals(next, options))
                return $"There is no option {name}.";
            options = next;
        }

        if (options is { Listen: { } listen, Token: null } && !IPAddress.IsLoopback(listen))
            return "--listen beyond this machine needs --token: the traces hold what users said.";
        return null;
    }

    private static int? PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= ushort.MaxValue ? port : null;

    private static long? BytesOf(string text)
    {
        (string suffix, int shift) = text.ToUpperInvariant() switch
        {
            [.., 'G', 'B'] => ("GB", 30),
            [.., 'M', 'B'] => ("MB", 20),
            [.., 'K', 'B'] => ("KB", 10),
            _ => ("", 0),
        };
        return double.TryParse(text[..^suffix.Length], CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e15
            ? (long)(number * (1L << shift))
            : null;
    }
}
