using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Export.Local;

namespace PandaProbe.Testing;

/// <summary>
/// This run of tests in the viewer <c>pandaprobe-local</c>, where it runs on this machine. Captures send it their spans, so that the
/// message of a failing test can link to its trace.
/// </summary>
internal sealed class TestRun
{
    private const string RunAttribute = "pandaprobe.run";
    private const int SendWithinMilliseconds = 5000;

    private static readonly Lazy<TestRun?> Found = new(() => Find(LocalViewer.DefaultDirectory));

    private readonly Lazy<TracerProvider> _provider;
    private readonly Lazy<ViewerProcessor> _processor;
    private readonly Uri _address;

    private TestRun(Uri address)
    {
        _address = address;
        _processor = new(() => new(new OtlpTraceExporter(new()
        {
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Endpoint = new(address, "v1/traces"),
            Headers = "",
            TimeoutMilliseconds = SendWithinMilliseconds,
        })));
        _provider = new(() => Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(TestProject).AddAttributes([new(RunAttribute, Name)]))
            .AddProcessor(_processor.Value).Build());
    }

    /// <summary>
    /// Gets the run in the viewer that ran when the first test of the process asked; <see langword="null"/> when none did.
    /// </summary>
    public static TestRun? Current => Found.Value;

    /// <summary>Gets the name of this run of tests.</summary>
    public static string Name { get; } = string.Create(
        CultureInfo.InvariantCulture, $"tests {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z");

    private static string TestProject => Assembly.GetEntryAssembly()?.GetName().Name is { } name && name is not "testhost"
        ? name
        : Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>Returns this run in the viewer of a directory; <see langword="null"/> when none runs there.</summary>
    public static TestRun? Find(string directory)
    {
        DateTime abandoned = default;
        return LocalViewer.Find(directory, ref abandoned) is { } viewer ? new(viewer.Address) : null;
    }

    public string LinkTo(ActivityTraceId trace) => new Uri(_address, $"traces/{trace.ToHexString()}").AbsoluteUri;

    /// <summary>Sends ended spans, and waits for five seconds at most.</summary>
    public void Send(IEnumerable<Activity> ended)
    {
        _ = _provider.Value;
        foreach (Activity span in ended)
            _processor.Value.OnEnd(span);
        _processor.Value.ForceFlush(SendWithinMilliseconds);
    }
}
