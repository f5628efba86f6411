using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace PandaProbe.Testing;

/// <summary>
/// The viewer <c>pandaprobe-local</c> where it runs on this machine. Captures send it their spans, so that the message of a failing test
/// can link to its trace.
/// </summary>
internal sealed class LocalViewer
{
    private const string DirectoryVariable = "PANDAPROBE_LOCAL_DIRECTORY";
    private const string AddressFile = "viewer.json";
    private const string LockFile = "viewer.lock";
    private const string RunAttribute = "pandaprobe.run";
    private const int SendWithinMilliseconds = 2000;

    private static readonly Lazy<LocalViewer?> Found = new(() => Find(DefaultDirectory));

    private readonly Lazy<TracerProvider> _provider;
    private readonly Lazy<BatchActivityExportProcessor> _processor;

    private LocalViewer(Uri address)
    {
        Address = address;
        _processor = new(() => new(new OtlpTraceExporter(new()
        {
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Endpoint = new(address, "v1/traces"),
            Headers = "",
            TimeoutMilliseconds = SendWithinMilliseconds,
        })));
        _provider = new(() => Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(TestProject).AddAttributes([new(RunAttribute, Run)]))
            .AddProcessor(_processor.Value).Build());
    }

    /// <summary>Gets the viewer that ran when the first test of the process asked; <see langword="null"/> when none did.</summary>
    public static LocalViewer? Running => Found.Value;

    /// <summary>Gets where it takes OTLP, and shows its pages.</summary>
    public Uri Address { get; }

    private static string TestProject => Assembly.GetEntryAssembly()?.GetName().Name is { } name && name is not "testhost"
        ? name
        : Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>Gets the name of this run of tests.</summary>
    private static string Run { get; } = $"tests {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z";

    private static string DefaultDirectory =>
        Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } given
            ? Path.GetFullPath(given)
            : Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
                "PandaProbe", "Local");

    /// <summary>Returns the viewer of a directory: one file has its address, and another is locked while it runs.</summary>
    public static LocalViewer? Find(string directory)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, AddressFile)));
            return document.RootElement.TryGetProperty("http", out JsonElement http)
                && Uri.TryCreate(http.GetString(), UriKind.Absolute, out Uri? address) && IsLocked(Path.Combine(directory, LockFile))
                ? OnThisMachine(address)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public string LinkTo(ActivityTraceId trace) => new Uri(Address, $"traces/{trace.ToHexString()}").AbsoluteUri;

    /// <summary>Sends ended spans, and waits for two seconds at most.</summary>
    public void Send(IEnumerable<Activity> ended)
    {
        _ = _provider.Value;
        foreach (Activity span in ended)
            _processor.Value.OnEnd(span);
        _processor.Value.ForceFlush(SendWithinMilliseconds);
    }

    // What tests record leaves this machine by no file. A viewer that listens everywhere can be reached by loopback as well.
    private static LocalViewer? OnThisMachine(Uri address)
    {
        if (address.Host is "0.0.0.0" or "[::]")
            address = new UriBuilder(address) { Host = "localhost" }.Uri;
        return address.IsLoopback ? new(address) : null;
    }

    private static bool IsLocked(string file)
    {
        try
        {
            using FileStream free = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
