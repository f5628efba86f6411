// Writes a trace as a C# test with the package PandaProbe.Testing: its tree, its tools and its budget are what the agent has to keep.
import { plain } from "./formats.js";

const mostLines = 100;
const kinds = new Set(["TRACE", "LLM", "TOOL", "AGENT", "CHAIN", "RETRIEVER", "EMBEDDING", "OTHER"]);

/** The test asks what the trace was asked. What the program under test is called, only its author knows. */
export function asCSharpTest(trace, span) {
  const question = span.input.findLast((message) => message.role === "user");
  const input = trace.input ?? (question ? plain(question) : span.inputValue ?? "");
  const { heads } = trace;
  const tools = heads.kind.flatMap((kind, index) => (kind === "TOOL" ? [index] : [])).sort((a, b) => heads.start[a] - heads.start[b])
    .map((index) => string(toolName(heads.name[index])));
  const limits = budget(trace.sums);
  const call = span.kind === "TOOL" && span.tool?.arguments && isJson(span.tool.arguments)
    ? `\n    trace.Tools.Called(${string(toolName(span.name))}, ${literal(span.tool.arguments, "        ")});` : "";
  return `using System.Threading.Tasks;
using PandaProbe.Testing;
using Xunit;

// Recorded ${new Date(trace.start).toISOString()} as trace ${trace.id}.
public sealed class ${identifier(trace.name)}Tests
{
    [Fact]
    public async Task ${identifier(trace.name)}_does_what_it_did()
    {
        using var capture = ProbeCapture.Start();

        await RunAgentAsync(
            ${indented(literal(input, "        "), "    ")});

        CapturedTrace trace = await capture.WaitForTraceAsync();
        trace.ShouldMatch(
            ${indented(literal(patternOf(heads), "        "), "    ")});
        trace.Tools.Exactly(${tools.join(", ")});${indented(call, "    ")}${limits ? `
        // Half as much again as was recorded.
        trace.ShouldStayWithin(${limits});` : ""}
    }

    // Call your agent here.
    private static Task RunAgentAsync(string input) => Task.CompletedTask;
}
`;
}

/** The tree as a pattern: one line for a span, and one for neighbours that are alike. */
function patternOf(heads) {
  const children = Map.groupBy(heads.parent.keys(), (index) => heads.parent[index]);
  const lines = [];
  const write = (indices, indent) => {
    const blocks = [];
    for (const index of indices) {
      if (lines.length >= mostLines) {
        lines.push(`${indent}# Further spans of the recorded trace:`, `${indent}...`);
        return;
      }
      const line = lineOf(heads, index);
      const below = children.get(index);
      const previous = blocks.at(-1);
      if (previous?.line === line && !previous.below && !below) {
        previous.times++;
        lines[previous.at] = `${indent}${line} ×${previous.times}`;
        continue;
      }
      blocks.push({ line, below, times: 1, at: lines.length });
      lines.push(`${indent}${line}`);
      if (below) write(below, `${indent}  `);
    }
  };
  write(children.get(-1) ?? [], "");
  return lines.join("\n");
}

function lineOf(heads, index) {
  const kind = kinds.has(heads.kind[index]) ? heads.kind[index] : "*";
  // "Namespace.Type: message": the type stays when a message changes.
  const type = typeof heads.error[index] === "string" && /^(?:[\w+`]+\.)*([\w+`]+)(?=$|:)/.exec(heads.error[index])?.[1];
  const error = type ? ` error:*${type}` : heads.error[index] ? " error:*" : "";
  // The names of model calls often hold the model, and change with it.
  if (kind === "LLM") return `LLM *${heads.model[index] ? ` model:${inPattern(heads.model[index]).replaceAll(" ", "*")}` : ""}${error}`;
  const name = inPattern(kind === "TOOL" ? toolName(heads.name[index]) : heads.name[index]);
  return `${kind} ${/^[\w*.-]+$/.test(name) ? name : `"${name}"`}${error}`;
}

// What a pattern would read as something else becomes "*", which is any text.
const inPattern = (name) => (name || "*").replace(/["\p{C}\p{Zl}\p{Zp}]/gu, "*").replace(/^(?:model|provider|error):|^[x×](?=\d)/u, "*");
const toolName = (name) => (name ?? "").replace(/^execute_tool /, "");

function budget({ cost, input, output, calls, tools }) {
  const tokens = (input ?? 0) + (output ?? 0);
  return [
    cost > 0 && `cost: ${(Math.ceil(cost * 1.5e6) / 1e6).toFixed(6)}m`,
    tokens > 0 && `tokens: ${Math.ceil(tokens * 1.5)}`,
    calls > 0 && `modelCalls: ${calls}`,
    tools > 0 && `toolCalls: ${tools}`,
  ].filter(Boolean).join(", ");
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const identifier = (name) => `_${(name.match(/[\p{L}\p{Nd}]+/gu) ?? ["agent"]).join("_")}`.replace(/^_(?=\p{L})/u, "");
const indented = (text, indent) => text.replaceAll("\n", `\n${indent}`);
const hex = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
const string = (text) => `"${text.replace(/["\\]/g, "\\$&").replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/g, hex)}"`;

/** A raw string literal. A text with characters that a source file does not keep is an ordinary one. */
function literal(text, indent) {
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) return string(text);
  const longest = Math.max(2, ...[...text.matchAll(/"+/g)].map(([run]) => run.length));
  const quotes = '"'.repeat(longest + 1);
  return `${quotes}\n${indent}${text.replaceAll("\n", `\n${indent}`)}\n${indent}${quotes}`;
}
