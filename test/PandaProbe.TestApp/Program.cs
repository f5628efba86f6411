using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PandaProbe;
using PandaProbe.TestApp;

// Everything about where traces go comes from the environment; nothing here calls Flush or Shutdown.
string act = args is [var first, ..] ? first : "";
switch (act)
{
    case "sample":
        Probe.Configure(o => o.Export = ProbeExport.Otlp);
        Console.WriteLine(await Sample.RunAsync("What is PandaProbe?"));
        return 0;
    case "configured-by-environment":
        Probe.Configure();
        Console.WriteLine(await Sample.RunAsync("What is PandaProbe?"));
        return 0;
    case "not-configured":
        Console.WriteLine(await Sample.RunAsync("What is PandaProbe?"));
        return 0;
    case "crash":
        Probe.Configure(o => o.Export = ProbeExport.Otlp);
        Crash.Here();
        return 0;
    case "crash-async":
        Probe.Configure(o => o.Export = ProbeExport.Otlp);
        await Crash.HereAsync();
        return 0;
    case "crash-on-a-thread":
        Probe.Configure(o => o.Export = ProbeExport.Otlp);
        Crash.OnAThread();
        return 0;
    case "exit":
        Probe.Configure(o => o.Export = ProbeExport.Otlp);
        using (Probe.StartTrace("interrupted"))
        {
            Probe.StartSpan("step", ProbeSpanKind.Tool).Dispose();
            Environment.Exit(3);
        }

        return 0;
    case "wait":
        Probe.Configure(o => o.Export = ProbeExport.Otlp);
        Probe.StartTrace("served").Dispose();
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);
        return 0;
    case "wait-in-a-host":
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPandaProbe(o => o.Export = ProbeExport.Otlp);
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            Probe.StartTrace("served").Dispose();
            Console.WriteLine("ready");
            await host.WaitForShutdownAsync();
        }

        return 0;
    case "wrong-settings":
        Probe.Configure(o => o.Export = ProbeExport.None);
        using (TraceScope trace = Probe.StartTrace("diagnosed"))
            trace.SetInput(new Unserialisable());
        return 0;
    default:
        Console.Error.WriteLine($"Unknown act '{act}'.");
        return 2;
}
