// Copies a text, and says so.
import { h, toast } from "./dom.js";
import { openDialog } from "./keys.js";

export async function copyText(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    // Beyond this machine, over plain HTTP, browsers give pages no clipboard.
    const field = h("textarea", { rows: 16, cols: 80, readonly: true, "aria-label": "Text to copy" });
    field.value = text;
    openDialog("Copy this", field);
    field.select();
  }
}
