// Asks before something is done that cannot be taken back, and says what came of it.

import { el, setText } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Gives `ask({ title, text, action, isDanger, run, done })` for a dialog: once the person agrees it runs `run()`, and
 * closes when that has worked; `done(answer)` gives the words for it. A refusal stays on the screen, in the words of
 * the service.
 */
export function createConfirm(dialog, announce) {
  const title = el("h2", { id: "confirm-title" });
  const text = el("p", { id: "confirm-text" });
  const error = el("div", { className: "callout tone-bad", role: "alert", hidden: true });
  const no = el("button", { type: "button", className: "button", on: { click: () => dialog.close() } }, "Back");
  const yes = el("button", { type: "button", on: { click: agree } });
  dialog.append(el("div", { className: "confirm" }, title, text, error, el("footer", { className: "modal-foot" }, no, yes)));
  let wanted = null;

  function showError(problem) {
    error.hidden = problem === null;
    error.replaceChildren(...(problem ? [icon("alert"), el("div", {}, problemLines(problem).map((line) => el("p", {}, line)))] : []));
  }

  async function agree() {
    const mine = wanted;
    yes.disabled = true;
    showError(null);
    try {
      const answer = await mine.run();
      if (mine !== wanted) return;
      dialog.close();
      announce(mine.done(answer));
    } catch (problem) {
      if (mine === wanted) showError(problem);
    } finally {
      yes.disabled = false;
    }
  }

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => (wanted = null));
  return (wish) => {
    wanted = wish;
    setText(title, wish.title);
    setText(text, wish.text);
    setText(yes, wish.action);
    yes.className = `button ${wish.isDanger ? "danger" : "primary"}`;
    showError(null);
    dialog.showModal();
    // What cannot be taken back is not one stray key press away.
    (wish.isDanger ? no : yes).focus();
  };
}

/** What a service says against a command, in lines. */
export function problemLines(problem) {
  const lines = [problem.message];
  for (const detail of problem.details ?? []) {
    const line = [detail?.path, detail?.message].filter(Boolean).join(": ");
    if (line !== "" && !problem.message.includes(line)) lines.push(line);
  }
  return lines;
}
