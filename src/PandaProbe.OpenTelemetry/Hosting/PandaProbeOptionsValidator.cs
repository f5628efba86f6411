using Microsoft.Extensions.Options;

namespace PandaProbe.Hosting;

/// <summary>Finds what code set wrongly. Unlike a wrong variable, that is a mistake to stop at, when the provider is built.</summary>
internal sealed class PandaProbeOptionsValidator : IValidateOptions<PandaProbeOptions>
{
    public ValidateOptionsResult Validate(string? name, PandaProbeOptions options)
    {
        List<string> problems = [];
        if (options.BatchSize < 1)
            problems.Add($"PandaProbeOptions.BatchSize is {options.BatchSize}: set it to 1 or more (the default is 10).");
        if (options.MaxQueueSize < 1)
            problems.Add($"PandaProbeOptions.MaxQueueSize is {options.MaxQueueSize}: set it to 1 or more (the default is 1000).");
        if (!IsTimeout(options.FlushInterval))
            problems.Add($"PandaProbeOptions.FlushInterval is {options.FlushInterval}: set it to more than zero and at most a day (the default is 5 seconds).");
        if (options.MaxContentLength < PandaProbeOptions.SmallestMaxContentLength)
            problems.Add($"PandaProbeOptions.MaxContentLength is {options.MaxContentLength}: set it to {PandaProbeOptions.SmallestMaxContentLength} or more, or CaptureContent to false to record no content.");
        if (options.MaxSpanCount < 1)
            problems.Add($"PandaProbeOptions.MaxSpanCount is {options.MaxSpanCount}: set it to 1 or more (the default is 50,000).");
        if (options.MaxMemoryBytes < 1)
            problems.Add($"PandaProbeOptions.MaxMemoryBytes is {options.MaxMemoryBytes}: set it to 1 or more (the default is 134,217,728).");
        if (options.MaxConcurrentRequests < 1)
            problems.Add($"PandaProbeOptions.MaxConcurrentRequests is {options.MaxConcurrentRequests}: set it to 1 or more (the default is 4).");
        if (options.MaxRequestBytes < 16 * 1024)
            problems.Add($"PandaProbeOptions.MaxRequestBytes is {options.MaxRequestBytes}: set it to 16,384 or more (the default is 8 MiB).");
        if (options.SpoolMaxBytes < 1)
            problems.Add($"PandaProbeOptions.SpoolMaxBytes is {options.SpoolMaxBytes}: set it to 1 or more, or SpoolDirectory to null for no spool.");
        if (options.TracesPerMinute < 1 || options.OtherRequestsPerMinute < 1)
            problems.Add("PandaProbeOptions.TracesPerMinute and OtherRequestsPerMinute are at least 1, or null for no limit.");
        if (!IsTimeout(options.ConnectTimeout))
            problems.Add($"PandaProbeOptions.ConnectTimeout is {options.ConnectTimeout}: set it to more than zero and at most a day (the default is 10 seconds).");
        if (!IsTimeout(options.RequestTimeout))
            problems.Add($"PandaProbeOptions.RequestTimeout is {options.RequestTimeout}: set it to more than zero and at most a day (the default is 30 seconds).");
        if (options.MaxTraceDuration <= TimeSpan.Zero || options.SpoolMaxAge <= TimeSpan.Zero)
            problems.Add("PandaProbeOptions.MaxTraceDuration and SpoolMaxAge are more than zero.");
        if (options is { Enabled: true, HasCredentials: true, Export: not (ProbeExport.None or ProbeExport.Otlp), AllowInsecureEndpoint: false, Endpoint: { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false } })
            problems.Add($"PandaProbeOptions.Endpoint '{options.Endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}' would send the API key unencrypted: use https, or set AllowInsecureEndpoint (PANDAPROBE_ALLOW_INSECURE_ENDPOINT) if the network is yours.");
        if (!Enum.IsDefined(options.Export))
            problems.Add($"PandaProbeOptions.Export is {(int)options.Export}: set it to a member of ProbeExport.");
        if (options.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
            problems.Add($"PandaProbeOptions.Endpoint is '{options.Endpoint}': set it to an absolute http or https address, such as {PandaProbeOptions.DefaultEndpoint}.");
        if (options is { Enabled: true, Export: ProbeExport.PandaProbe or ProbeExport.Both } && options.Export != options.ExportOfSettings)
        {
            if (string.IsNullOrWhiteSpace(options.ApiKey))
                problems.Add("PandaProbeOptions.ApiKey is missing: set it, or the variable PANDAPROBE_API_KEY, or set Export to something other than PandaProbe.");
            if (string.IsNullOrWhiteSpace(options.ProjectName))
                problems.Add("PandaProbeOptions.ProjectName is missing: set it, or the variable PANDAPROBE_PROJECT_NAME, or set Export to something other than PandaProbe.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // What a timer can wait for, and whoever sets more does not mean it.
    private static bool IsTimeout(TimeSpan time) => time > TimeSpan.Zero && time <= TimeSpan.FromDays(1);
}
