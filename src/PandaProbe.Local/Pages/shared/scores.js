// Gives a score to a trace, by keyboard: a number, yes or no, or a word.
import { postScore } from "./api.js";
import { $, h, toast } from "./dom.js";
import { openDialog } from "./keys.js";

const typeOf = (text) => (/^(true|false|yes|no)$/i.test(text) ? "BOOLEAN" : text !== "" && !Number.isNaN(Number(text)) ? "NUMERIC" : "CATEGORICAL");

export function scoreDialog({ traceId, name, done }) {
  const problem = h("p", { class: "wide error-text", role: "alert" });
  const form = h("form", { class: "form", method: "dialog" },
    h("label", { for: "score-name" }, "Name"), h("input", { id: "score-name", type: "text", value: lastName(), required: true, maxlength: 255 }),
    h("label", { for: "score-value" }, "Value"), h("input", { id: "score-value", type: "text", required: true, placeholder: "0.8, yes, or a word", autofocus: true }),
    h("label", { for: "score-reason" }, "Reason"), h("input", { id: "score-reason", type: "text" }),
    problem,
    h("footer", null, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), h("button", { type: "submit" }, "Save")));
  const dialog = openDialog(`Score “${name}”`, form);
  $("#score-value").focus();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const value = $("#score-value").value.trim();
    const type = typeOf(value);
    try {
      await postScore({
        traceId, name: $("#score-name").value.trim(), type, reason: $("#score-reason").value.trim(),
        value: type === "BOOLEAN" ? String(/^(true|yes)$/i.test(value)) : value,
      });
      localStorage.setItem("score-name", $("#score-name").value.trim());
      dialog.close();
      toast("score saved");
      done?.();
    } catch (failure) {
      problem.textContent = failure.message;
    }
  });
}

const lastName = () => localStorage.getItem("score-name") ?? "quality";
