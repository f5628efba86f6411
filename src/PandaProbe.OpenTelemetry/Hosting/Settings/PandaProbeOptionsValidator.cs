using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace PandaProbe.Hosting.Settings;

/// <summary>
/// Rejects invalid options set in code, so that building the provider throws. Invalid settings of a deployment only cause a warning.
/// </summary>
internal sealed class PandaProbeOptionsValidator : IValidateOptions<PandaProbeOptions>
{
    private const string Time = "more than zero and at most a day";

    public ValidateOptionsResult Validate(string? name, PandaProbeOptions options)
    {
        List<string> problems = [];
        PandaProbeExporterOptions exporter = options.PandaProbe;

        Check(Enum.IsDefined(options.Export), options.Export, "a member of ProbeExport");
        Check(Enum.IsDefined(options.MessageContent), options.MessageContent, "a member of ProbeMessageContent");
        Check(
            options.MaxContentLength >= PandaProbeOptions.SmallestMaxContentLength, options.MaxContentLength,
            $"{PandaProbeOptions.SmallestMaxContentLength} or more, or CaptureContent to false to record no content");
        Check(
            exporter.Endpoint is { IsAbsoluteUri: true, Scheme: "http" or "https" }, exporter.Endpoint,
            $"an absolute http or https address, such as {PandaProbeExporterOptions.DefaultEndpoint}");
        Check(IsTimeout(options.ShutdownTimeout), options.ShutdownTimeout, $"{Time} (the default is 5 seconds)");
        Check(exporter.BatchSize >= 1, exporter.BatchSize, "1 or more (the default is 10)");
        Check(IsTimeout(exporter.FlushInterval), exporter.FlushInterval, $"{Time} (the default is 5 seconds)");
        Check(exporter.MaxQueueSize >= 1, exporter.MaxQueueSize, "1 or more (the default is 1000)");
        Check(exporter.MaxSpanCount >= 1, exporter.MaxSpanCount, "1 or more (the default is 50,000)");
        Check(exporter.MaxMemoryBytes >= 1, exporter.MaxMemoryBytes, "1 or more (the default is 128 MiB)");
        Check(exporter.MaxTraceDuration > TimeSpan.Zero, exporter.MaxTraceDuration, "more than zero (the default is 10 minutes)");
        Check(exporter.SpoolMaxBytes >= 1, exporter.SpoolMaxBytes, "1 or more, or SpoolDirectory to null for no spool");
        Check(exporter.SpoolMaxAge > TimeSpan.Zero, exporter.SpoolMaxAge, "more than zero (the default is 7 days)");
        Check(
            exporter.MaxRequestBytes >= PandaProbeExporterOptions.SmallestMaxRequestBytes, exporter.MaxRequestBytes,
            $"{PandaProbeExporterOptions.SmallestMaxRequestBytes} or more (the default is 8 MiB)");
        Check(exporter.MaxConcurrentRequests >= 1, exporter.MaxConcurrentRequests, "1 or more (the default is 4)");
        Check(exporter.TracesPerMinute is null or >= 1, exporter.TracesPerMinute, "1 or more, or to null for no limit");
        Check(exporter.OtherRequestsPerMinute is null or >= 1, exporter.OtherRequestsPerMinute, "1 or more, or to null for no limit");
        Check(IsTimeout(exporter.ConnectTimeout), exporter.ConnectTimeout, $"{Time} (the default is 10 seconds)");
        Check(IsTimeout(exporter.RequestTimeout), exporter.RequestTimeout, $"{Time} (the default is 30 seconds)");
        Check(
            options.Otlp.MaxRequestBytes >= PandaProbeOtlpOptions.SmallestMaxRequestBytes, options.Otlp.MaxRequestBytes,
            $"{PandaProbeOtlpOptions.SmallestMaxRequestBytes} or more (the default is 3.5 MiB)");
        Check(
            options.Propagation.Hosts?.All(host => Uri.CheckHostName(host?.Trim('.')) != UriHostNameType.Unknown) == true,
            string.Join(", ", options.Propagation.Hosts ?? []), "names of hosts, such as internal.example.com, without scheme and port",
            "options.Propagation.Hosts");
        Check(options.Propagation.MaxLength >= 1, options.Propagation.MaxLength, "1 or more (the default is 255)");
        Check(options.Propagation.MaxTags >= 0, options.Propagation.MaxTags, "0 or more (the default is 10)");
        problems.AddRange(ProblemsOfDestination(options));
        try
        {
            _ = options.Scanner;
        }
        catch (ArgumentException exception)
        {
            problems.Add($"PandaProbeOptions.Safety: {exception.Message}");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check<T>(bool makesSense, T value, string expected, [CallerArgumentExpression(nameof(value))] string property = "")
        {
            if (makesSense)
                return;

            string path = property.Replace("options.", "").Replace("exporter.", "PandaProbe.");
            string shown = value is null or Uri ? $"'{value}'" : string.Create(CultureInfo.InvariantCulture, $"{value}");
            problems.Add($"PandaProbeOptions.{path} is {shown}: set it to {expected}.");
        }
    }

    private static IEnumerable<string> ProblemsOfDestination(PandaProbeOptions options)
    {
        PandaProbeExporterOptions exporter = options.PandaProbe;
        if (!options.Enabled || options.Export is ProbeExport.None or ProbeExport.Otlp or ProbeExport.Local)
            yield break;

        if (exporter is { HasCredentials: true, EndpointIsInsecure: true, EndpointIsOfSettings: false })
            yield return InsecureEndpoint(exporter);

        // If a setting asks for the export, missing credentials cause a warning only.
        if (options.Export == ProbeExport.Auto || options.Export == options.ExportOfSettings)
            yield break;

        if (string.IsNullOrWhiteSpace(exporter.ApiKey))
            yield return "PandaProbeOptions.PandaProbe.ApiKey is missing: set it, or the variable PANDAPROBE_API_KEY, or set Export to something other than PandaProbe.";
        if (string.IsNullOrWhiteSpace(exporter.ProjectName))
            yield return "PandaProbeOptions.PandaProbe.ProjectName is missing: set it, or the variable PANDAPROBE_PROJECT_NAME, or set Export to something other than PandaProbe.";
    }

    /// <summary>Returns the message about an address without encryption. The caller has checked the address.</summary>
    public static string InsecureEndpoint(PandaProbeExporterOptions exporter) =>
        $"PandaProbeOptions.PandaProbe.Endpoint '{exporter.Endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}' would send the API key unencrypted: "
        + "use https, or set AllowInsecureEndpoint (PANDAPROBE_ALLOW_INSECURE_ENDPOINT) if the network is yours.";

    private static bool IsTimeout(TimeSpan time) => time > TimeSpan.Zero && time <= TimeSpan.FromDays(1);
}
