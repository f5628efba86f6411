using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Hosting.Settings;

namespace PandaProbe.Hosting;

[Collection(ProcessWide.Name)]
public sealed class OptionsTests
{
    /// <summary>Property, variable, a value of the variable, a value of the section, what they mean.</summary>
    public static TheoryData<string, string, string, string, object, object> Settings => new()
    {
        { "PandaProbe.ApiKey", "PANDAPROBE_API_KEY", "env", "section", "env", "section" },
        { "PandaProbe.ProjectName", "PANDAPROBE_PROJECT_NAME", " env ", "section", "env", "section" },
        { "PandaProbe.Environment", "PANDAPROBE_ENVIRONMENT", "env", "section", "env", "section" },
        { "PandaProbe.Release", "PANDAPROBE_RELEASE", "env", "section", "env", "section" },
        { "PandaProbe.Endpoint", "PANDAPROBE_ENDPOINT", "http://env", "https://section/x", new Uri("http://env"),
        new Uri("https://section/x") },
        { "Export", "PANDAPROBE_EXPORT", "otlp", "None", ProbeExport.Otlp, ProbeExport.None },
        { "Enabled", "PANDAPROBE_ENABLED", "no", "yes", false, true },
        { "Enabled", "PANDAPROBE_ENABLED", "1", "OFF", true, false },
        { "Enabled", "PANDAPROBE_ENABLED", "off", "on", false, true },
        { "Debug", "PANDAPROBE_DEBUG", "TRUE", "0", true, false },
        { "PandaProbe.BatchSize", "PANDAPROBE_BATCH_SIZE", "3", "4", 3, 4 },
        { "PandaProbe.MaxQueueSize", "PANDAPROBE_MAX_QUEUE_SIZE", "3", "4", 3, 4 },
        { "PandaProbe.FlushInterval", "PANDAPROBE_FLUSH_INTERVAL", "0.5", "00:00:07", TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(7) },
        { "MaxContentLength", "PANDAPROBE_MAX_CONTENT_LENGTH", "64", "1000", 64, 1000 },
        { "CaptureContent", "PANDAPROBE_CAPTURE_CONTENT", "false", "true", false, true },
        { "ListenToAILibraries", "PANDAPROBE_LISTEN_TO_AI_LIBRARIES", "false", "true", false, true },
    };

    /// <summary>Variable, what nobody could mean by it, the property, and its default, which stays.</summary>
    public static TheoryData<string, string, string, object> Mistakes => new()
    {
        { "PANDAPROBE_ENABLED", "ture", "Enabled", true },
        { "PANDAPROBE_ENABLED", "enabled", "Enabled", true },
        { "PANDAPROBE_DEBUG", "2", "Debug", false },
        { "PANDAPROBE_CAPTURE_CONTENT", "NO_CONTENT", "CaptureContent", true },
        { "PANDAPROBE_EXPORT", "jaeger", "Export", ProbeExport.Auto },
        { "PANDAPROBE_EXPORT", "17", "Export", ProbeExport.Auto },
        { "PANDAPROBE_BATCH_SIZE", "0", "PandaProbe.BatchSize", 10 },
        { "PANDAPROBE_BATCH_SIZE", "ten", "PandaProbe.BatchSize", 10 },
        { "PANDAPROBE_BATCH_SIZE", "99999999999", "PandaProbe.BatchSize", 10 },
        { "PANDAPROBE_MAX_QUEUE_SIZE", "-5", "PandaProbe.MaxQueueSize", 1000 },
        { "PANDAPROBE_FLUSH_INTERVAL", "soon", "PandaProbe.FlushInterval", TimeSpan.FromSeconds(5) },
        { "PANDAPROBE_FLUSH_INTERVAL", "0", "PandaProbe.FlushInterval", TimeSpan.FromSeconds(5) },
        { "PANDAPROBE_FLUSH_INTERVAL", "1e-9", "PandaProbe.FlushInterval", TimeSpan.FromSeconds(5) },
        { "PANDAPROBE_FLUSH_INTERVAL", "NaN", "PandaProbe.FlushInterval", TimeSpan.FromSeconds(5) },
        { "PANDAPROBE_FLUSH_INTERVAL", "1e300", "PandaProbe.FlushInterval", TimeSpan.FromSeconds(5) },
        { "PANDAPROBE_FLUSH_INTERVAL", "99.00:00:00", "PandaProbe.FlushInterval", TimeSpan.FromSeconds(5) },
        { "PANDAPROBE_MAX_CONTENT_LENGTH", "10", "MaxContentLength", 1024 * 1024 },
        { "PANDAPROBE_MAX_CONTENT_LENGTH", "1.5", "MaxContentLength", 1024 * 1024 },
    };

    /// <summary>A setting, the least or the most that it may be, and what is beyond.</summary>
    public static TheoryData<string, Action<PandaProbeOptions>, Action<PandaProbeOptions>> Bounds => new()
    {
        { "BatchSize", options => options.PandaProbe.BatchSize = 1, options => options.PandaProbe.BatchSize = 0 },
        { "MaxQueueSize", options => options.PandaProbe.MaxQueueSize = 1, options => options.PandaProbe.MaxQueueSize = 0 },
        { "MaxContentLength", options => options.MaxContentLength = 64, options => options.MaxContentLength = 63 },
        { "MaxSpanCount", options => options.PandaProbe.MaxSpanCount = 1, options => options.PandaProbe.MaxSpanCount = 0 },
        { "MaxConcurrentRequests", options => options.PandaProbe.MaxConcurrentRequests = 1,
        options => options.PandaProbe.MaxConcurrentRequests = 0 },
        { "MaxRequestBytes", options => options.PandaProbe.MaxRequestBytes = 16_384,
        options => options.PandaProbe.MaxRequestBytes = 16_383 },
        { "SpoolMaxBytes", options => options.PandaProbe.SpoolMaxBytes = 1, options => options.PandaProbe.SpoolMaxBytes = 0 },
        { "TracesPerMinute", options => options.PandaProbe.TracesPerMinute = 1, options => options.PandaProbe.TracesPerMinute = 0 },
        { "TracesPerMinute", options => options.PandaProbe.TracesPerMinute = null, options => options.PandaProbe.TracesPerMinute = -1 },
        { "OtherRequestsPerMinute", options => options.PandaProbe.OtherRequestsPerMinute = 1,
        options => options.PandaProbe.OtherRequestsPerMinute = 0 },
        { "OtherRequestsPerMinute", options => options.PandaProbe.OtherRequestsPerMinute = null,
        options => options.PandaProbe.OtherRequestsPerMinute = -1 },
        { "FlushInterval", options => options.PandaProbe.FlushInterval = new(1),
        options => options.PandaProbe.FlushInterval = TimeSpan.Zero },
        { "FlushInterval", options => options.PandaProbe.FlushInterval = TimeSpan.FromDays(1),
        options => options.PandaProbe.FlushInterval = TimeSpan.FromDays(1) + new TimeSpan(1) },
        { "ConnectTimeout", options => options.PandaProbe.ConnectTimeout = new(1),
        options => options.PandaProbe.ConnectTimeout = TimeSpan.Zero },
        { "ConnectTimeout", options => options.PandaProbe.ConnectTimeout = TimeSpan.FromDays(1),
        options => options.PandaProbe.ConnectTimeout = TimeSpan.FromDays(1) + new TimeSpan(1) },
        { "RequestTimeout", options => options.PandaProbe.RequestTimeout = new(1),
        options => options.PandaProbe.RequestTimeout = TimeSpan.Zero },
        { "RequestTimeout", options => options.PandaProbe.RequestTimeout = TimeSpan.FromDays(1),
        options => options.PandaProbe.RequestTimeout = TimeSpan.FromDays(1) + new TimeSpan(1) },
        { "MaxTraceDuration", options => options.PandaProbe.MaxTraceDuration = new(1),
        options => options.PandaProbe.MaxTraceDuration = TimeSpan.Zero },
        { "ShutdownTimeout", options => options.ShutdownTimeout = new(1), options => options.ShutdownTimeout = TimeSpan.Zero },
        { "ShutdownTimeout", options => options.ShutdownTimeout = TimeSpan.FromDays(1),
        options => options.ShutdownTimeout = TimeSpan.FromDays(1) + new TimeSpan(1) },
        { "SpoolMaxAge", options => options.PandaProbe.SpoolMaxAge = new(1), options => options.PandaProbe.SpoolMaxAge = TimeSpan.Zero },
    };

    public static TheoryData<string, Action<PandaProbeOptions>> MistakesInCode => new()
    {
        { "PandaProbe.BatchSize", options => options.PandaProbe.BatchSize = 0 },
        { "PandaProbe.MaxQueueSize", options => options.PandaProbe.MaxQueueSize = -1 },
        { "PandaProbe.FlushInterval", options => options.PandaProbe.FlushInterval = TimeSpan.Zero },
        { "PandaProbe.FlushInterval", options => options.PandaProbe.FlushInterval = Timeout.InfiniteTimeSpan },
        { "PandaProbe.FlushInterval", options => options.PandaProbe.FlushInterval = TimeSpan.MaxValue },
        { "PandaProbe.ConnectTimeout", options => options.PandaProbe.ConnectTimeout = TimeSpan.FromDays(25) },
        { "PandaProbe.RequestTimeout", options => options.PandaProbe.RequestTimeout = TimeSpan.FromDays(50) },
        { "PandaProbe.RequestTimeout", options => options.PandaProbe.RequestTimeout = Timeout.InfiniteTimeSpan },
        { "MaxContentLength", options => options.MaxContentLength = 63 },
        { "Export", options => options.Export = (ProbeExport)17 },
        { "PandaProbe.Endpoint", options => options.PandaProbe.Endpoint = null! },
        { "PandaProbe.Endpoint", options => options.PandaProbe.Endpoint = new Uri("/relative", UriKind.Relative) },
        { "PandaProbe.Endpoint", options => options.PandaProbe.Endpoint = new Uri("file:///etc/passwd") },
        { "PandaProbe.ApiKey", options => (options.Export, options.PandaProbe.ProjectName) = (ProbeExport.PandaProbe, "p") },
        { "PandaProbe.ProjectName", options => (options.Export, options.PandaProbe.ApiKey) = (ProbeExport.Both, "key") },
    };

    [Fact]
    public void A_list_in_one_text_has_no_spaces_and_no_empty_parts()
    {
        PandaProbeOptions options = new();
        PandaProbeOptionsReader.Read(options, new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("PandaProbe:Propagation:Hosts", " a.example ,, .b.example,"), new("PandaProbe:Otlp:Dialects", "Langfuse , ,Weave,"),
        ]).Build());

        options.Propagation.Hosts.ShouldBe(["a.example", ".b.example"]);
        options.Otlp.Dialects.ShouldBe(ProbeDialects.Langfuse | ProbeDialects.Weave);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Variables_fill_options_and_the_section_wins_over_them(
        string property, string variable, string inEnvironment, string inSection, object fromEnvironment, object fromSection)
    {
        using EnvironmentVariables environment = new(variable, inEnvironment);

        Read(property, []).ShouldBe(fromEnvironment);
        Read(property, new() { [variable] = inEnvironment }).ShouldBe(fromEnvironment);
        Read(property, new() { [Key(property)] = inSection }).ShouldBe(fromSection);
        Read(property, new() { [Key(property)] = " " }).ShouldBe(fromEnvironment);
    }

    [Fact]
    public void Code_wins_over_the_section_and_the_variables()
    {
        using EnvironmentVariables environment = new("PANDAPROBE_BATCH_SIZE", "3");

        Options(new() { ["PandaProbe:PandaProbe:BatchSize"] = "4" }, options => options.PandaProbe.BatchSize = 5)
            .PandaProbe.BatchSize.ShouldBe(5);
        int seen = 0;
        Options(new() { ["PandaProbe:PandaProbe:BatchSize"] = "4" }, options => seen = options.PandaProbe.BatchSize);
        seen.ShouldBe(4, "code starts from what the configuration says");
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_in_a_variable_or_the_section_is_a_warning_and_the_default_stays(
        string variable, string value, string property, object expected)
    {
        using Events events = new();
        using (EnvironmentVariables environment = new(variable, value))
            Read(property, []).ShouldBe(expected);
        Read(property, new() { [Key(property)] = value }).ShouldBe(expected);

        string[] warnings = [.. events.Warnings.Where(warning => warning.Contains(variable))];
        warnings.Length.ShouldBe(2);
        warnings.ShouldAllBe(
            warning => warning.Contains($"'{value}'") && warning.Contains("set it to") && warning.Contains("The default is used."));
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_setting_may_be_at_its_bound_and_not_beyond(
        string property, Action<PandaProbeOptions> bound, Action<PandaProbeOptions> beyond)
    {
        Problems(bound).ShouldBeEmpty();
        Problems(beyond).ShouldHaveSingleItem().ShouldContain(property);

        static IEnumerable<string> Problems(Action<PandaProbeOptions> change)
        {
            PandaProbeOptions options = new() { Export = ProbeExport.None };
            change(options);
            return new PandaProbeOptionsValidator().Validate(null, options).Failures ?? [];
        }
    }

    [Theory]
    [InlineData("api.pandaprobe.com",
        "is not a value for PANDAPROBE_ENDPOINT (PandaProbe:PandaProbe:Endpoint): set it to an absolute http or https address.")]
    [InlineData("ftp://api.pandaprobe.com", "is not a value for PANDAPROBE_ENDPOINT")]
    [InlineData("http://pandaprobe.internal:8000", "would send the API key unencrypted")]
    public void An_address_of_the_environment_that_cannot_be_used_exports_nothing_and_says_so(string endpoint, string complaint)
    {
        using EnvironmentVariables environment = new("PANDAPROBE_ENDPOINT", endpoint);
        using Events events = new();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(WithKey).Build();

        Probe.ExporterHealth.ShouldBeEmpty();
        string warning = events.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain(complaint);
        warning.ShouldEndWith("Until then nothing is exported to PandaProbe.");
        events.Messages.ShouldContain(message => message.Contains("exports to nothing of its own"));
    }

    [Fact]
    public void An_address_that_code_sets_replaces_one_of_the_environment_that_cannot_be_used()
    {
        using EnvironmentVariables environment = new("PANDAPROBE_ENDPOINT", "api.pandaprobe.com");
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(WithKey)
            .AddPandaProbe(options => options.PandaProbe.Endpoint = new Uri("http://127.0.0.1:1")).Build();

        Probe.ExporterHealth.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("PandaProbe:PandaProbe:ApiKye",
        "'PandaProbe:PandaProbe:ApiKye' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:PandaProbe:ApiKey'?")]
    [InlineData("PandaProbe:apikey",
        "'PandaProbe:apikey' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:PandaProbe:ApiKey'?")]
    [InlineData("PandaProbe:CaptureContents",
        "'PandaProbe:CaptureContents' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:CaptureContent'?")]
    [InlineData("PandaProbe:Pricing:Model:0:Input",
        "'PandaProbe:Pricing:Model' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:Pricing:Models'?")]
    [InlineData("PandaProbe:EndpoiXYZ",
        "'PandaProbe:EndpoiXYZ' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:PandaProbe:Endpoint'?")]
    [InlineData("PandaProbe:EndpoWXYZ",
        "'PandaProbe:EndpoWXYZ' is not a setting of PandaProbe and was ignored.")]
    [InlineData("PandaProbe:tchSize",
        "'PandaProbe:tchSize' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:PandaProbe:BatchSize'?")]
    [InlineData("PandaProbe:chSize",
        "'PandaProbe:chSize' is not a setting of PandaProbe and was ignored.")]
    [InlineData("PandaProbe:QQQQQQQCaptureContent",
        "'PandaProbe:QQQQQQQCaptureContent' is not a setting of PandaProbe and was ignored. Did you mean 'PandaProbe:CaptureContent'?")]
    [InlineData("PandaProbe:QQQQQQQQCaptureContent",
        "'PandaProbe:QQQQQQQQCaptureContent' is not a setting of PandaProbe and was ignored.")]
    [InlineData("PandaProbe:Colour", "'PandaProbe:Colour' is not a setting of PandaProbe and was ignored.")]
    public void A_key_that_sets_nothing_is_reported_with_the_one_that_is_most_like_it(string key, string warning)
    {
        using Events events = new();
        Options(
            new()
            {
                [key] = "a secret",
                ["pandaprobe:PANDAPROBE:ProjectName"] = "known",
                ["PandaProbe:Pricing:Models:0:Model"] = "known",
                ["PandaProbe:Pricing:File"] = "known",
                ["Logging:LogLevel:PandaProbe"] = "Debug",
            },
            _ => { });

        events.Warnings.ShouldHaveSingleItem().ShouldBe(warning);
    }

    [Fact]
    public void A_mistake_in_OpenTelemetrys_own_switch_for_content_is_a_warning_and_the_default_stays()
    {
        using EnvironmentVariables environment = new("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPANS");
        using Events events = new();

        Options([], _ => { }).CaptureContent.ShouldBeTrue();
        events.Warnings.ShouldHaveSingleItem()
            .ShouldStartWith(
            "'SPANS' is not a value for OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: set it to true, false, SPAN_ONLY");
    }

    [Theory]
    [MemberData(nameof(MistakesInCode))]
    public void A_mistake_in_code_stops_the_set_up_with_a_message_that_says_what_to_do(string property, Action<PandaProbeOptions> mistake)
    {
        OptionsValidationException error = Should.Throw<OptionsValidationException>(
            () => Sdk.CreateTracerProviderBuilder().AddPandaProbe(mistake).Build());

        error.Message.ShouldContain($"PandaProbeOptions.{property} is ");
        error.Message.ShouldContain("set ");
        Should.Throw<OptionsValidationException>(() => Probe.Configure(mistake)).Message.ShouldBe(error.Message);
    }

    [Fact]
    public void All_mistakes_in_code_are_told_at_once()
    {
        OptionsValidationException error = Should.Throw<OptionsValidationException>(
            () => Options([], options => (options.PandaProbe.BatchSize, options.PandaProbe.MaxQueueSize) = (0, 0)));

        error.Failures.Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("PandaProbe")]
    [InlineData("Both")]
    public void Asked_by_a_variable_to_export_to_PandaProbe_without_a_key_it_warns_and_the_program_goes_on(string export)
    {
        using EnvironmentVariables environment = new("PANDAPROBE_EXPORT", export);
        using Events events = new();

        Sdk.CreateTracerProviderBuilder().AddPandaProbe().Build().Dispose();

        events.Warnings.ShouldHaveSingleItem()
            .ShouldBe($"PANDAPROBE_EXPORT is {export}, but PandaProbe gets nothing: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME.");
    }

    [Fact]
    public void Not_knowing_where_to_send_traces_is_one_clear_warning()
    {
        using Events events = new();

        Sdk.CreateTracerProviderBuilder().AddPandaProbe().Build().Dispose();

        string warning = events.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("PANDAPROBE_API_KEY");
        warning.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
        warning.ShouldContain("None");
    }

    [Theory]
    [InlineData("PANDAPROBE_ENABLED", "false", false, true)]
    [InlineData("PANDAPROBE_ENABLED", "0", false, true)]
    [InlineData("PANDAPROBE_ENABLED", "", true, true)]
    [InlineData("OTEL_SDK_DISABLED", "true", false, false)]
    [InlineData("OTEL_SDK_DISABLED", "TRUE", false, false)]
    [InlineData("OTEL_SDK_DISABLED", "1", true, true)]
    [InlineData("OTEL_SDK_DISABLED", "false", true, true)]
    public void Switches_of_the_environment(string variable, string value, bool enabled, bool enabledByCodeAnyway)
    {
        using EnvironmentVariables environment = new(variable, value);

        Options([], _ => { }).Enabled.ShouldBe(enabled);
        Options([], options => options.Enabled = true).Enabled.ShouldBe(enabledByCodeAnyway);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("NO_CONTENT", false)]
    [InlineData("true", true)]
    [InlineData("SPAN_ONLY", true)]
    [InlineData("span_and_event", true)]
    [InlineData("EVENT_ONLY", true)]
    public void OpenTelemetrys_own_switch_for_content_is_heard_and_ours_wins(string value, bool captured)
    {
        using EnvironmentVariables environment = new("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", value);

        Options([], _ => { }).CaptureContent.ShouldBe(captured);
        Options(new() { ["PandaProbe:CaptureContent"] = captured ? "false" : "true" }, _ => { }).CaptureContent.ShouldBe(!captured);
    }

    [Fact]
    public void The_key_is_in_no_text_that_options_or_set_up_give()
    {
        const string Key = "pp-key-7d1f", Password = "hunter2";
        using Events events = new();
        string problem = Should.Throw<OptionsValidationException>(
            () => Sdk.CreateTracerProviderBuilder()
            .AddPandaProbe(options => (options.PandaProbe.ApiKey, options.PandaProbe.BatchSize) = (Key, 0)).Build()).ToString();
        Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
            (options.PandaProbe.ApiKey, options.PandaProbe.ProjectName, options.Export, options.PandaProbe.Endpoint) = (
                Key, "p", ProbeExport.PandaProbe, new Uri($"https://me:{Password}@localhost/base?key={Key}"))).Build().Dispose();

        string everything = string.Join('\n', [problem, .. events.Messages]);
        everything.ShouldContain("ApiKey=set");
        everything.ShouldContain("Endpoint=https://localhost/base");
        everything.ShouldNotContain(Key);
        everything.ShouldNotContain(Password);
    }

    private static void WithKey(PandaProbeOptions options) => (options.PandaProbe.ApiKey, options.PandaProbe.ProjectName) = ("key", "p");

    private static object? Read(string property, Dictionary<string, string?> settings) =>
        property.Split('.').Aggregate(
            (object?)Options(settings, _ => { }), (owner, name) => owner!.GetType().GetProperty(name)!.GetValue(owner));

    private static string Key(string property) => "PandaProbe:" + property.Replace('.', ':');

    private static PandaProbeOptions Options(Dictionary<string, string?> settings, Action<PandaProbeOptions> configure)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddPandaProbe(configure);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<PandaProbeOptions>>().Value;
    }
}
