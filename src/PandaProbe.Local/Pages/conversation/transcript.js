// Writes a conversation as Markdown.
import { textOf } from "../shared/formats.js";
import { plural } from "../shared/numbers.js";

export const transcript = (session) =>
  [`# Session ${session.id}`, ...session.turns.flatMap((turn, i) => [`## Turn ${i + 1}`, ...turn.steps.map(written)])].join("\n\n");

function written(step) {
  switch (step.kind) {
    case "call": return `**${step.name}** ${code(step.arguments)} → ${step.error ? `✕ ${step.error}` : code(step.result)}`;
    case "retrieval": return `**${step.name}** ${step.query ?? ""} → ${step.error ? `✕ ${step.error}` : plural(step.documents.length, "document")}`;
    case "error": return `✕ **${step.name}:** ${step.text}`;
    default: return `**${step.kind}:** ${step.parts ? textOf(step) : step.text ?? ""}`;
  }
}

const code = (text) => (text ? `\`${text}\`` : "…");
