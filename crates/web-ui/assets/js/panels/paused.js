// Says that work is paused, wherever one is on the page, and lets it go on.

import { el } from "../dom.js";
import { pausedTypes } from "../limits.js";
import { icon } from "../icons.js";

/** Somebody who pauses or resumes elsewhere is seen within seconds. */
const EVERY = 4;
/** So many types are named; the rest is counted. */
const NAMED = 4;

/** Gives the source that keeps the banner current. */
export function mountPaused(banner, { api, announce, poller }) {
  const words = el("p", {});
  const error = el("p", { className: "field-error", role: "alert" });
  const buttons = el("span", { className: "banner-actions" });
  banner.append(icon("pause"), el("div", {}, words, error), buttons);
  let shown = "";

  async function resume(run, text) {
    error.replaceChildren();
    try {
      await run();
      announce(text);
    } catch (problem) {
      error.replaceChildren(icon("alert"), problem.message);
    }
    poller.add(source);
    poller.kick();
  }

  function button(label, run, text) {
    return el("button", { type: "button", className: "button small", on: { click: () => resume(run, text) } }, icon("play"), label);
  }

  function show(limits) {
    const types = pausedTypes(limits);
    const now = JSON.stringify([limits?.paused, types]);
    if (now === shown) return;
    shown = now;
    banner.hidden = !limits?.paused && types.length === 0;
    const names = [...types.slice(0, NAMED), ...(types.length > NAMED ? [`${types.length - NAMED} more`] : [])].join(", ");
    words.replaceChildren(
      ...(limits?.paused ? [el("strong", {}, "Everything is paused."), " Jobs are accepted and wait; none starts. "] : []),
      ...(types.length > 0 ? [el("strong", {}, types.length === 1 ? "A type is paused: " : "Types are paused: "), names, "."] : []),
    );
    buttons.replaceChildren(
      ...(limits?.paused ? [button("Resume everything", api.resumeAll, "Everything goes on")] : []),
      ...types.slice(0, NAMED).map((type) => button(`Resume ${type}`, () => api.resumeType(type), `${type} goes on`)),
    );
  }

  const source = {
    name: "limits",
    core: true,
    every: EVERY,
    load: api.limits,
    apply: show,
  };
  return source;
}
