// What the first page says before the first trace: where it listens, and the lines that make traces come.
import { copyText } from "../shared/clipboard.js";
import { h } from "../shared/dom.js";

export function emptyPage({ grpcPort, httpPort }) {
  const host = `${location.protocol}//${location.hostname}`;
  const port = httpPort ?? location.port;
  const otlp = grpcPort ? `OTEL_EXPORTER_OTLP_ENDPOINT=${host}:${grpcPort}`
    : `OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_EXPORTER_OTLP_ENDPOINT=${host}:${port}`;
  const ways = [
    ["A program with PandaProbe", `dotnet add package PandaProbe.OpenTelemetry\n${otlp} dotnet run`],
    ["Any program with OpenTelemetry, in any language", `export OTEL_EXPORTER_OTLP_ENDPOINT=${host}:${port}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`],
    ["Nothing at hand: one trace by curl", sample(`${host}:${port}`)],
  ];
  return h("div", { class: "empty" },
    h("h1", null, "No traces yet"),
    h("p", { class: "soft" }, `Waiting for OTLP on ${grpcPort ? `port ${grpcPort} (gRPC) and ` : ""}port ${port} (HTTP). This page shows them as they arrive.`),
    h("ol", null, ways.map(([title, text]) => h("li", null, h("h2", null, title), copyable(text)))));
}

const copyable = (text) =>
  h("div", { class: "copyable" }, h("pre", null, text), h("button", { type: "button", onclick: () => copyText(text, "copied") }, "Copy"));

function sample(address) {
  const now = Date.now();
  const random = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((value) => value.toString(16).padStart(2, "0")).join("");
  const attribute = (key, stringValue) => ({ key, value: { stringValue } });
  const span = {
    traceId: random(16), spanId: random(8), name: "hello", kind: 1, startTimeUnixNano: `${now - 420}000000`, endTimeUnixNano: `${now}000000`,
    attributes: [attribute("input.value", "Is anybody there?"), attribute("output.value", "Yes."), attribute("openinference.span.kind", "CHAIN")],
  };
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  return `curl ${address}/v1/traces -H 'Content-Type: application/json' -d '${body}'`;
}
