using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;

namespace PandaProbe.Hosting;

// Alone: a span that one provider of the process samples ends at all of them.
[Collection(ProcessWide.Name)]
public sealed class AddPandaProbeTests
{
    private static readonly Dictionary<string, Action<IServiceCollection, Action<PandaProbeOptions>?>> Ways = new()
    {
        ["services"] = (services, configure) => services.AddPandaProbe(configure),
        ["builder"] = (services, configure) => new HandMadeBuilder(services).AddPandaProbe(configure),
        ["tracing"] = (services, configure) => new HandMadeBuilder(services).WithTracing(tracing => tracing.AddPandaProbe(configure)),
    };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach (string first in Ways.Keys)
            {
                foreach (string second in Ways.Keys)
                    pairs.Add(first, second);
            }

            return pairs;
        }
    }

    [Fact]
    public void A_tracer_provider_builder_records_traces()
    {
        AllSpans spans = new();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(ToNowhere).AddProcessor(spans).Build();

        spans.Of(TraceOnce()).Count.ShouldBe(1);
    }

    [Fact]
    public void The_sdk_as_a_whole_records_traces()
    {
        AllSpans spans = new();
        using var sdk = OpenTelemetrySdk.Create(
            builder => builder.AddPandaProbe(ToNowhere).WithTracing(tracing => tracing.AddProcessor(spans)));

        spans.Of(TraceOnce()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("services")]
    [InlineData("builder")]
    [InlineData("tracing")]
    public async Task A_host_records_traces_from_its_start(string way)
    {
        AllSpans spans = new();
        using IHost host = NewHost(services =>
        {
            Ways[way](services, ToNowhere);
            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans));
        });
        await host.StartAsync();

        spans.Of(TraceOnce()).Count.ShouldBe(1);
        await host.StopAsync();
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Added_twice_it_doubles_neither_spans_nor_processing_nor_exports(string first, string second)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        AllSpans spans = new();
        using IHost host = NewHost(services =>
        {
            Ways[first](services, options => options.Export = ProbeExport.Otlp);
            Ways[second](services, options => options.Otlp.Configure = otlp => To(receiver, otlp));
            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans));
        });
        await host.StartAsync();
        ActivityTraceId trace = TraceOnce();
        await host.StopAsync();

        Activity span = spans.Of(trace).ShouldHaveSingleItem();
        spans.Starts(span).ShouldBe(1);
        receiver.Spans.Count(sent => sent.TraceId.Span.SequenceEqual(Convert.FromHexString(trace.ToHexString()))).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Instrumentation_and_exporter_together_are_the_whole_in_either_order(bool instrumentationFirst)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder();
        if (instrumentationFirst)
            builder.AddPandaProbeInstrumentation(ToReceiver).AddPandaProbeExporter(NoContent);
        else
            builder.AddPandaProbeExporter(NoContent).AddPandaProbeInstrumentation(ToReceiver);
        using (builder.AddPandaProbe().Build())
        {
            using TraceScope trace = Probe.StartTrace("in two parts", input: "a question");
        }

        receiver.Spans.Count(span => span.Name == "in two parts").ShouldBe(1);
        receiver.Span("in two parts").Attributes.ShouldNotContain(attribute => attribute.Key == "input.value");

        void ToReceiver(PandaProbeOptions options) =>
            (options.Export, options.Otlp.Configure) = (ProbeExport.Otlp, otlp => To(receiver, otlp));

        static void NoContent(PandaProbeOptions options) => options.CaptureContent = false;
    }

    [Fact]
    public void Instrumentation_alone_records_for_the_applications_own_exporters_and_asks_for_no_destination()
    {
        using Diagnostics.Events events = new();
        AllSpans spans = new();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbeInstrumentation().AddProcessor(spans).Build();

        spans.Of(TraceOnce()).Count.ShouldBe(1);
        events.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_exporter_alone_exports_what_the_application_records_and_subscribes_to_nothing()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using ActivitySource source = new("app " + Guid.NewGuid());
        using (Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .AddPandaProbeExporter(options => (options.Export, options.Otlp.Configure) = (ProbeExport.Otlp, otlp => To(receiver, otlp)))
            .Build())
        {
            source.StartActivity("own")?.Dispose();
            Probe.StartTrace("nobody listens").IsRecording.ShouldBeFalse();
        }

        receiver.Spans.ShouldHaveSingleItem().Name.ShouldBe("own");
    }

    [Fact]
    public async Task Options_of_both_calls_count_and_the_later_one_wins()
    {
        using IHost host = NewHost(services =>
        {
            services.AddPandaProbe(
                options => (options.Export, options.PandaProbe.ProjectName, options.PandaProbe.Release) = (ProbeExport.None, "first", "1"));
            services.AddPandaProbe(options => options.PandaProbe.ProjectName = "second");
        });

        PandaProbeOptions options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<PandaProbeOptions>>().Value;
        (options.PandaProbe.ProjectName, options.PandaProbe.Release, options.Export).ShouldBe(("second", "1", ProbeExport.None));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_applications_resource_sampler_and_processors_stay_as_they_are(bool before)
    {
        AllSpans spans = new();
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder();
        if (before)
            builder.AddPandaProbe(ToNowhere);
        builder.ConfigureResource(resource => resource.Clear().AddService("mine", serviceVersion: "7.1")).SetSampler(new DropsNoise())
            .AddProcessor(spans);
        if (!before)
            builder.AddPandaProbe(ToNowhere);
        using TracerProvider provider = builder.Build();

        provider.GetResource().Attributes.Where(attribute => !attribute.Key.StartsWith("service.instance", StringComparison.Ordinal))
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value)
            .ShouldBe(new Dictionary<string, object> { ["service.name"] = "mine", ["service.version"] = "7.1" }, ignoreOrder: true);
        string marker = Guid.NewGuid().ToString();
        Probe.StartTrace("noise " + marker).Dispose();
        Probe.StartTrace("signal " + marker).Dispose();
        spans.Named("noise " + marker).ShouldBeEmpty();
        spans.Starts(spans.Named("signal " + marker).ShouldHaveSingleItem()).ShouldBe(1);
    }

    [Fact]
    public void A_sampler_sees_kind_model_session_and_user_before_a_span_exists()
    {
        Dictionary<string, object?> seen = [];
        string name = Guid.NewGuid().ToString();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().SetSampler(new Looks(name, seen)).AddPandaProbe(ToNowhere)
            .Build();

        using (Probe.Session("s"))
        using (Probe.User("u"))
            Probe.StartSpan(name, ProbeSpanKind.Llm, model: "m").Dispose();

        seen["pandaprobe.span.kind"].ShouldBe("LLM");
        seen["gen_ai.request.model"].ShouldBe("m");
        seen["session.id"].ShouldBe("s");
        seen["gen_ai.conversation.id"].ShouldBe("s");
        seen["user.id"].ShouldBe("u");
    }

    [Fact]
    public void Nothing_to_add_to_is_an_argument_error_with_the_parameters_name()
    {
        Should.Throw<ArgumentNullException>(() => ((TracerProviderBuilder)null!).AddPandaProbe()).ParamName.ShouldBe("builder");
        Should.Throw<ArgumentNullException>(() => ((IOpenTelemetryBuilder)null!).AddPandaProbe()).ParamName.ShouldBe("builder");
        Should.Throw<ArgumentNullException>(() => ((IServiceCollection)null!).AddPandaProbe()).ParamName.ShouldBe("services");
    }

    internal static void ToNowhere(PandaProbeOptions options) => options.Export = ProbeExport.None;

    internal static void To(OtlpReceiver receiver, OtlpExporterOptions otlp)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new Uri(receiver.HttpEndpoint, "v1/traces");

        // Out of the way: a slow machine is no reason to send twice, and who waits for a collector that hangs waits for minutes.
        otlp.TimeoutMilliseconds = (int)TimeSpan.FromMinutes(5).TotalMilliseconds;
    }

    internal static IHost NewHost(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        return builder.Build();
    }

    private static ActivityTraceId TraceOnce()
    {
        using TraceScope trace = Probe.StartTrace("once");
        return trace.Activity.ShouldNotBeNull().TraceId;
    }

    private sealed class DropsNoise : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Name.StartsWith("noise", StringComparison.Ordinal)
                ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
    }

    private sealed class Looks(string name, Dictionary<string, object?> seen) : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        {
            if (samplingParameters.Name == name)
            {
                foreach ((string? key, object? value) in samplingParameters.Tags ?? [])
                    seen[key] = value;
            }

            return new(SamplingDecision.RecordAndSample);
        }
    }
}
