// The dialog in which a dead letter is corrected before it is sent once more.

import { problemLines } from "../confirm.js";
import { el } from "../dom.js";
import { parseEvent } from "../form.js";
import { pretty } from "../format.js";
import { icon } from "../icons.js";

/** Gives `edit(letter, done)`; `done(answer)` is called once the corrected event has been accepted. */
export function createLetterEdit(dialog, { api, announce }) {
  const reason = el("p", { className: "hint" });
  const text = el("textarea", { id: "letter-event", className: "mono", rows: 16, spellcheck: "false", autocomplete: "off", "aria-describedby": "letter-error" });
  const error = el("div", { id: "letter-error", className: "callout tone-bad", role: "alert", hidden: true });
  const send = el("button", { type: "submit", className: "button primary" }, "Replay");
  const back = el("button", { type: "button", className: "button", on: { click: () => dialog.close() } }, "Back");
  const form = el(
    "form",
    { className: "submit-form", novalidate: "" },
    reason,
    el("div", { className: "field" }, el("label", { for: text.id }, "Event (JSON)"), text),
    error,
    el("footer", { className: "modal-foot" }, back, send),
  );
  dialog.append(el("header", { className: "modal-head" }, el("h2", { id: "letter-title" }, "Correct and replay")), form);
  let current = null;

  function showError(lines) {
    text.setAttribute("aria-invalid", String(lines.length > 0));
    error.hidden = lines.length === 0;
    error.replaceChildren(icon("alert"), el("div", {}, lines.map((line) => el("p", {}, line))));
  }

  async function submit() {
    const { value, error: mistake } = parseEvent(text.value);
    showError(mistake ? [mistake] : []);
    if (mistake || send.disabled) return;
    const mine = current;
    send.disabled = true;
    try {
      const answer = await api.replayLetter(mine.letter.id, value);
      if (mine !== current) return;
      dialog.close();
      announce("Replayed");
      mine.done(answer);
    } catch (problem) {
      if (mine === current) showError(problemLines(problem));
    } finally {
      send.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("input", () => {
    const { error: mistake } = parseEvent(text.value);
    if (!mistake) showError([]);
  });
  dialog.addEventListener("close", () => (current = null));
  return (letter, done) => {
    current = { letter, done };
    reason.textContent = `It was refused because: ${letter.validationError ?? "no reason given"}`;
    text.value = pretty(letter.originalEvent);
    showError([]);
    dialog.showModal();
    text.focus();
  };
}
