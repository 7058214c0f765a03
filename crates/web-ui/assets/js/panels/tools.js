// The list of the other pages of the platform, from the registry.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { entryUrl } from "../links.js";

function card(entry, config) {
  return el(
    "li",
    {},
    el(
      "a",
      { className: "tool", href: entryUrl(entry, config), target: "_blank", rel: "noopener" },
      el("span", { className: "tool-name" }, String(entry.name), icon("external")),
      el("span", { className: "tool-port mono" }, `:${entry.port}`),
      el("span", { className: "tool-text" }, String(entry.description ?? "")),
    ),
  );
}

function group(title, entries, config) {
  return [el("h3", {}, title), el("ul", {}, entries.map((entry) => card(entry, config)))];
}

function isEntry(entry) {
  return entry && typeof entry.id === "string" && typeof entry.name === "string" && Number.isInteger(entry.port);
}

/** Fills the popover when it is opened for the first time. */
export function mountTools(popover, button, { api, config }) {
  button.append(icon("grid"));
  let filled = false;
  popover.addEventListener("toggle", async (event) => {
    if (event.newState !== "open" || filled) return;
    try {
      const { entries } = await api.registry();
      const others = entries.filter((entry) => isEntry(entry) && entry.id !== "dashboard");
      const always = others.filter((entry) => entry.shapes?.includes("embedded") ?? true);
      const more = others.filter((entry) => !always.includes(entry));
      popover.replaceChildren(
        ...group("Always there", always, config),
        ...group("With the services or cluster set-up", more, config),
      );
      filled = true;
    } catch {
      popover.replaceChildren(el("p", { className: "empty-line" }, "The list of tools could not be read."));
    }
  });
}
