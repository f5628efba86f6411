using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>The viewer as a process of its own, with a store in a temporary directory.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new();
    private readonly string _directory;
    private readonly bool _ownsDirectory;
    private readonly Process _process;

    private Viewer(string directory, bool ownsDirectory, Process process, Uri address)
    {
        _directory = directory;
        _ownsDirectory = ownsDirectory;
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public string Store => _directory;

    /// <summary>Starts it on free ports, or again on the ports and the store that it had.</summary>
    public static async Task<Viewer> StartAsync(string? directory = null, int? port = null)
    {
        bool owns = directory is null;
        directory ??= Directory.CreateTempSubdirectory("pandaprobe-pages-").FullName;
        int http = port ?? FreePort();
        ProcessStartInfo start = new(
            "dotnet", [Metadata("Tool"), "serve", "--port", $"{http}", "--grpc-port", $"{FreePort()}", "--store",
            Path.Combine(directory, "traces.db")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PANDAPROBE_LOCAL_DIRECTORY"] = directory, ["DOTNET_TieredPGO"] = "0" },
        };
        Process process = Process.Start(start)!;
        StringBuilder said = new();
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Viewer viewer = new(directory, owns, process, new($"http://localhost:{http}"));
        using CancellationTokenSource limit = new(StartTime);
        while (!await viewer.AnswersAsync())
        {
            process.HasExited.ShouldBeFalse($"The viewer ended: {said}");
            await Task.Delay(20, limit.Token);
        }

        return viewer;

        void Add(string? line)
        {
            lock (said)
            {
                said.AppendLine(line);
            }
        }
    }

    public async Task SendAsync(Otlp trace)
    {
        using StringContent body = new(trace.ToJson(), Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _client.PostAsync(new Uri(Address, "/v1/traces"), body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }

    public async Task EndAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        _client.Dispose();
        if (_ownsDirectory)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(new Uri(Address, "/api/status"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What the project file says of itself.</summary>
    public static string Metadata(string key) =>
        typeof(Viewer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
