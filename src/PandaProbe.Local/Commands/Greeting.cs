namespace PandaProbe.Local.Commands;

/// <summary>The lines that the viewer prints: where it is, and what to set in an application.</summary>
internal static class Greeting
{
    public static async Task WriteAsync(TextWriter output, Uri http, Uri grpc, string store)
    {
        await output.WriteLineAsync($"""

              Traces          {http}
              OTLP            {grpc} (gRPC), {http}v1/traces (HTTP)
              PandaProbe API  {http}
              Store           {store}

            Send traces from an application with PandaProbe's SDK, whenever a viewer runs:
              export PANDAPROBE_EXPORT=Local
            from any other application:
              export OTEL_EXPORTER_OTLP_ENDPOINT={grpc.GetLeftPart(UriPartial.Authority)}
            or over PandaProbe's REST API:
              export PANDAPROBE_ENDPOINT={http.GetLeftPart(UriPartial.Authority)} PANDAPROBE_API_KEY=local PANDAPROBE_PROJECT_NAME=local

            """);
        await output.FlushAsync();
    }
}
